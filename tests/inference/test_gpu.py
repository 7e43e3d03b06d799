"""A GPU is used where it works, agrees and is quicker; else the CPU, and why is told. The GPU is a fake one."""

import warnings

import numpy as np
import pytest

from vocalmidi.errors import FallbackWarning, FramesError
from vocalmidi.frames.features import WIDTH
from vocalmidi.frames.heads import PAST
from vocalmidi.inference import open_model
from vocalmidi.inference.placement import compared
from vocalmidi.inference.providers import wanted

pytestmark = pytest.mark.filterwarnings("ignore::vocalmidi.errors.FallbackWarning")
LIVE = {"seen": PAST + 1}
CONSIDERED = {"takes": 1, "frames": 50}
SLOW_S = 0.004


@pytest.fixture
def quick(gpu):
    """A GPU that is quicker than the CPU."""
    gpu.cpu_slow_s = SLOW_S
    return gpu


def inputs(model, rng, length=PAST + 1):
    shapes = {name: [each if isinstance(each, int) else length for each in shape]
              for name, shape in model.input_shapes.items()}  # fmt: skip
    return {name: rng.random(shape, np.float32) for name, shape in shapes.items()}


def test_a_gpu_that_is_quicker_and_agrees_is_taken_by_auto(quick):
    model = open_model("voice_live", "auto", LIVE)
    assert (model.provider, model.placement.is_fallback) == ("cuda", False)
    assert "on the CPU" in model.placement.words
    assert quick.opened[0]["use_tf32"] == "0"


def test_a_gpu_that_is_slower_is_left_by_auto_and_taken_by_who_insists(gpu):
    gpu.slow_s = SLOW_S
    model = open_model("voice_live", "auto", LIVE)
    assert (model.provider, model.placement.is_fallback) == ("cpu", False)
    assert "CUDA takes longer" in model.placement.words
    assert open_model("voice_live", "cuda", LIVE).provider == "cuda"


@pytest.mark.parametrize("wrong_by", [0.1, float("nan")])
def test_a_gpu_that_gives_something_else_is_never_taken(quick, wrong_by):
    quick.wrong_by = wrong_by
    model = open_model("voice_live", "auto", LIVE)
    assert (model.provider, model.placement.is_fallback) == ("cpu", True)
    assert "differs from the CPU's" in model.placement.words
    with pytest.raises(FramesError, match="differs"):
        open_model("voice_live", "cuda", LIVE)


def test_rounding_is_no_difference(quick):
    quick.wrong_by = 0.001
    assert open_model("voice_live", "auto", LIVE).provider == "cuda"


@pytest.mark.parametrize(
    ("missing", "words", "is_fallback"),
    [({"driver": False}, "there is no NVIDIA driver", False),
     ({"libraries": False, "starts": False}, "CUDA does not start: libcublasLt.so.13 is missing", True),
     ({"starts": False}, "CUDA does not start", True)],
)  # fmt: skip
def test_what_keeps_a_network_from_a_gpu_is_told(gpu, missing, words, is_fallback, capfd):
    for name, value in missing.items():
        setattr(gpu, name, value)
    model = open_model("voice_considered", "auto", CONSIDERED)
    assert (model.provider, model.placement.is_fallback) == ("cpu", is_fallback)
    assert words in model.placement.words
    assert ("pip install" in model.placement.advice) is is_fallback
    with pytest.raises(FramesError, match=words):
        open_model("voice_considered", "cuda", CONSIDERED)
    assert capfd.readouterr() == ("", "")


def test_a_fallback_is_loud_and_a_computer_without_a_gpu_is_quiet(gpu):
    gpu.starts = False
    with pytest.warns(FallbackWarning, match="voice_considered runs on the CPU .CUDA does not start.; pip install"):
        open_model("voice_considered", "auto", CONSIDERED)
    gpu.driver = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        open_model("voice_considered", "auto", CONSIDERED)


def test_a_lost_gpu_is_loud(quick):
    model = open_model("voice_considered", "auto", CONSIDERED)
    quick.lives = quick.runs
    with pytest.warns(FallbackWarning, match="runs on the CPU .CUDA was lost"):
        model.run(picture=np.zeros((1, 30, WIDTH)))


def test_a_small_network_stays_on_the_cpu_unless_it_is_asked_for_there(quick):
    assert open_model("timbre").provider == "cpu"
    assert quick.opened == []
    assert open_model("timbre", "cuda").provider == "cuda"


@pytest.mark.usefixtures("quick")
def test_a_bound_run_on_a_gpu_reads_what_was_filled_in_and_writes_what_comes_out():
    model, plain = open_model("voice_live", "auto", LIVE), open_model("voice_live", "cpu")
    rng = np.random.default_rng(1)
    given = inputs(model, rng)
    run = model.bound(**given)
    for _ in range(3):
        given["picture"][:] = rng.random(given["picture"].shape)
        run.run()
        for name, wanted_array in plain.run(**given).items():
            np.testing.assert_array_equal(run.outputs[name], wanted_array)


@pytest.mark.usefixtures("quick")
def test_each_memory_has_a_cuda_graph_of_its_own():
    model, plain = open_model("voice_live", "auto", LIVE, is_live=True), open_model("voice_live", "cpu")
    assert model.has_graphs
    rng = np.random.default_rng(1)
    several = [inputs(model, rng) for _ in range(2)]
    runs = [model.bound(**each) for each in several]
    for given, run in zip(several * 2, runs * 2, strict=True):
        given["picture"][:] = rng.random(given["picture"].shape)
        run.run()
        np.testing.assert_array_equal(run.outputs["heads"], plain.run(**given)["heads"])


@pytest.mark.parametrize("trouble", [{"refuses_graphs": True}, {"knows_graph_ids": False}])
def test_where_graphs_can_t_be_had_or_mix_up_memories_it_runs_without(quick, trouble):
    for name, value in trouble.items():
        setattr(quick, name, value)
    model = open_model("voice_live", "auto", LIVE, is_live=True)
    assert (model.provider, model.has_graphs) == ("cuda", False)


def test_a_gpu_lost_in_a_run_loses_nothing_and_is_told(quick):
    model, plain = open_model("voice_considered", "auto", CONSIDERED), open_model("voice_considered", "cpu")
    quick.lives = quick.runs
    picture = np.random.default_rng(2).random((1, 30, WIDTH), np.float32)
    np.testing.assert_array_equal(model.run(picture=picture)["heads"], plain.run(picture=picture)["heads"])
    assert (model.provider, model.placement.is_fallback) == ("cpu", True)
    assert "CUDA was lost: CUDA failure 999" in model.placement.words
    np.testing.assert_array_equal(model.run(picture=picture)["heads"], plain.run(picture=picture)["heads"])


def test_a_gpu_lost_while_a_voice_is_followed_live_loses_no_hop(quick):
    model, plain = open_model("voice_live", "auto", LIVE), open_model("voice_live", "cpu")
    rng = np.random.default_rng(3)
    several = [inputs(model, rng) for _ in range(2)]
    runs = [model.bound(**each) for each in several]
    quick.lives = quick.runs + 1
    for given, run in zip(several * 3, runs * 3, strict=True):
        given["picture"][:] = rng.random(given["picture"].shape)
        run.run()
        np.testing.assert_array_equal(run.outputs["heads"], plain.run(**given)["heads"])
    assert model.provider == "cpu"


@pytest.mark.usefixtures("quick")
def test_what_fails_on_the_cpu_too_is_no_fault_of_the_gpu():
    model = open_model("voice_considered", "auto", CONSIDERED)
    with pytest.raises(Exception, match="INVALID_ARGUMENT"):
        model.run(picture=np.zeros((1, 30, WIDTH + 1)))
    assert model.provider == "cuda"


def test_after_cuda_the_systems_own_is_tried():
    everything = ["CUDAExecutionProvider", "CoreMLExecutionProvider", "DmlExecutionProvider", "CPUExecutionProvider"]
    assert wanted("auto", everything, "darwin") == ("cuda", "coreml")
    assert wanted("auto", everything, "win32") == ("cuda", "directml")
    assert wanted("auto", everything, "linux") == ("cuda",)
    assert wanted("auto", everything[1:], "linux") == ()
    assert wanted("coreml", []) == ("coreml",)


def test_outputs_of_another_shape_are_a_difference():
    trial = compared(lambda: {"heads": np.zeros(3)}, lambda: {"heads": np.zeros(4)})
    assert trial.difference == float("inf")


def test_a_real_gpu_gives_what_the_cpu_gives():
    try:
        model = open_model("voice_considered", "cuda", CONSIDERED)
    except FramesError as error:
        pytest.skip(f"no GPU that works: {error}")
    picture = np.random.default_rng(4).random((1, 400, WIDTH), np.float32)
    plain = open_model("voice_considered", "cpu").run(picture=picture)["heads"]
    np.testing.assert_allclose(model.run(picture=picture)["heads"], plain, atol=0.01, rtol=0.01)
