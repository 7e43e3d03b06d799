from cffi import FFI

ffibuilder = FFI()
ffibuilder.cdef("int nrb_zero(void);")
ffibuilder.set_source("native_ringbuf._native", "static int nrb_zero(void){return 0;}")
