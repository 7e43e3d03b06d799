"""Only what pyproject.toml can't say: the C extension is built by cffi."""

from setuptools import setup

setup(cffi_modules=["native_ringbuf/build_native.py:ffibuilder"])
