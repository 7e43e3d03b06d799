"""What is measured of a device, on a computer that has none."""

from benchmarks.gpu import NETWORKS, difference, measured

from vocalmidi.inference import open_model


def test_without_a_gpu_it_says_why_and_measures_the_cpu():
    report = measured("voice_live", "directml", runs=20)
    assert report["cpu"]["p99_ms"] >= report["cpu"]["p50_ms"] > 0
    assert "has no DirectML" in report["left_out"]


def test_a_network_does_not_differ_from_itself():
    for name, (lengths, _) in NETWORKS.items():
        model = open_model(name, "cpu")
        assert difference(model, model, lengths) == 0.0
