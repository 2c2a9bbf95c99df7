// The CBLAS interface of whichever BLAS the system provides (reference, OpenBLAS, ATLAS, BLIS).
// Only cblas_* is used, so the library behind libblas.so.3 can be swapped without a rebuild.
#pragma once
#include <cblas.h>
