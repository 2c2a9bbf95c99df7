import CBLAS

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the process knows about the BLAS it was linked with, and its one-time set-up.
public enum BLASRuntime {
  /// The kernel family in use, e.g. `"SkylakeX"` or `"Haswell"` for OpenBLAS, `"reference"` if
  /// the library does not say.
  ///
  /// For diagnostics only: results do not depend on it. Reading it the first time sets OpenBLAS
  /// to one thread, because its own workers spin, and parallelism here is over blocks of rows.
  /// The functions are looked up by name at run time, so that a BLAS without them still links.
  public static let coreName: String = {
    if let symbol = find("openblas_set_num_threads") {
      unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)(1)
    }
    guard let symbol = find("openblas_get_corename") else { return "reference" }
    typealias CoreName = @convention(c) () -> UnsafePointer<CChar>?
    guard let name = unsafeBitCast(symbol, to: CoreName.self)() else { return "reference" }
    return String(cString: name)
  }()

  private static func find(_ name: String) -> UnsafeMutableRawPointer? {
    #if canImport(Darwin)
      return dlsym(UnsafeMutableRawPointer(bitPattern: -2), name)  // RTLD_DEFAULT
    #else
      return dlsym(nil, name)  // RTLD_DEFAULT is a null pointer.
    #endif
  }
}

/// Row-major products for the few shapes needed; every caller has checked that its sums stay
/// below 2^53.
enum BLAS {
  /// `c += xᵀ x` in the upper triangle; x is `rows` × `columns`, c is `columns` × `columns`.
  static func addGram(
    rows: Int, columns: Int, _ x: UnsafePointer<Double>, _ c: UnsafeMutablePointer<Double>
  ) {
    _ = BLASRuntime.coreName
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasTrans, Int32(columns), Int32(rows),
      1, x, Int32(columns), 1, c, Int32(columns))
  }

  /// `sums += xᵀ ones`: column sums of `rows` × `columns` x.
  static func addColumnSums(
    rows: Int, columns: Int, _ x: UnsafePointer<Double>, ones: UnsafePointer<Double>,
    _ sums: UnsafeMutablePointer<Double>
  ) {
    _ = BLASRuntime.coreName
    cblas_dgemv(
      CblasRowMajor, CblasTrans, Int32(rows), Int32(columns),
      1, x, Int32(columns), ones, 1, 1, sums, 1)
  }

  /// `c = a b`; a is `rows` × `inner`, b is `inner` × `columns`.
  static func multiply(
    rows: Int, inner: Int, columns: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    _ c: UnsafeMutablePointer<Double>
  ) {
    _ = BLASRuntime.coreName
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner),
      1, a, Int32(inner), b, Int32(columns), 0, c, Int32(columns))
  }

  /// `c -= 2 a bᵀ`; a is `rows` × `inner`, b is `columns` × `inner`, rows of c are `columns` apart.
  static func subtractTwiceProduct(
    rows: Int, inner: Int, columns: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    _ c: UnsafeMutablePointer<Double>
  ) {
    _ = BLASRuntime.coreName
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(columns), Int32(inner),
      -2, a, Int32(inner), b, Int32(inner), 1, c, Int32(columns))
  }

  /// `c = a bᵀ` in single precision, whose sums every caller has checked to stay below 2^24; rows
  /// of a and b have `inner` columns, rows of c are `columns` apart.
  static func productTransposed(
    rows: Int, inner: Int, columns: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) {
    _ = BLASRuntime.coreName
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(columns), Int32(inner),
      1, a, Int32(inner), b, Int32(inner), 0, c, Int32(columns))
  }
}
