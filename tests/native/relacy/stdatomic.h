/* Empty: model_ring.cpp has what this file of the compiler gives C. */
