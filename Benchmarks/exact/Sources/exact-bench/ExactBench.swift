import CBLAS
import ExactMath

/// The exact core's products against plain `cblas_dgemm` of the same shape, one thread each, in turn.
@main
struct ExactBench {
  static let rounds = 5

  static func main() async throws {
    print("BLAS core: \(BLASRuntime.coreName); one task; best of \(rounds), in turn")
    print("| product | exact GFLOP/s | dgemm GFLOP/s | share |")
    print("|---|---|---|---|")
    try await gram(rows: 400_000, columns: 64)
    try await gram(rows: 100_000, columns: 256)
    try await neighbours(queries: 20_000, reference: 4096, columns: 64)
    try await neighbours(queries: 20_000, reference: 2048, columns: 128)
    try await transform(rows: 100_000, columns: 64)
    try await transform(rows: 50_000, columns: 256)
  }

  /// A square integer transform with its rounding, against dgemm of the same product. Both write
  /// to memory of their own: a caller keeps the result.
  static func transform(rows: Int, columns: Int) async throws {
    let matrix = try lattice(rows: rows, columns: columns)
    let weights = try lattice(rows: columns, columns: columns)
    let transform = try IntegerTransform(
      weights: weights.values.map { $0 / 16_384 }, inputs: columns, outputs: columns,
      inputBits: 15, outputBits: 20, outputScale: 1)
    let operations = 2 * Double(rows) * Double(columns) * Double(columns)
    try await compare("transform, \(rows) × \(columns)", operations: operations) {
      _ = try await transform.apply(matrix, tasks: 1)
    } plain: {
      var product = [Double](repeating: 0, count: rows * columns)
      multiply(matrix, transposed: false, by: weights, into: &product)
    }
  }

  /// Xᵀ X with carries into 128 bits, against dgemm of Xᵀ X (which does twice the work that a
  /// symmetric product needs; both are counted as 2 n d²).
  static func gram(rows: Int, columns: Int) async throws {
    let matrix = try lattice(rows: rows, columns: columns)
    var product = [Double](repeating: 0, count: columns * columns)
    let operations = 2 * Double(rows) * Double(columns) * Double(columns)
    try await compare("Gram \(rows) × \(columns)", operations: operations) {
      _ = try await exactGram(matrix, tasks: 1)
    } plain: {
      multiply(matrix, transposed: true, by: matrix, into: &product)
    }
  }

  /// The twenty nearest of a reference, against dgemm of the cross products alone.
  static func neighbours(queries: Int, reference: Int, columns: Int) async throws {
    let left = try lattice(rows: queries, columns: columns)
    let right = try lattice(rows: reference, columns: columns)
    var product = [Double](repeating: 0, count: queries * reference)
    let operations = 2 * Double(queries) * Double(reference) * Double(columns)
    try await compare(
      "20 nearest, \(queries) × \(reference) × \(columns)", operations: operations
    ) {
      _ = try await nearestNeighbours(of: left, in: right, k: 20, excluding: nil, tasks: 1)
    } plain: {
      multiply(left, transposed: false, by: right, into: &product)
    }
  }

  /// Integers of 15 bits from a fixed linear congruential sequence.
  static func lattice(rows: Int, columns: Int) throws -> LatticeMatrix {
    var state: UInt64 = 1
    return try LatticeMatrix(
      rows: rows, columns: columns, bits: 15,
      values: (0..<(rows * columns)).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(Int64(state >> 49)) - 16_384
      })
  }

  static func multiply(
    _ a: LatticeMatrix, transposed: Bool, by b: LatticeMatrix, into product: inout [Double]
  ) {
    let columns = Int32(a.columns)
    let rows = transposed ? columns : Int32(a.rows)
    let width = transposed ? columns : Int32(b.rows)
    let depth = transposed ? Int32(a.rows) : columns
    cblas_dgemm(
      CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, transposed ? CblasNoTrans : CblasTrans,
      rows, width, depth, 1, a.values, columns, b.values, columns, 0, &product, width)
  }

  static func compare(
    _ name: String, operations: Double, exact: () async throws -> Void, plain: () -> Void
  ) async throws {
    var best = (exact: Double.infinity, plain: Double.infinity)
    for _ in 0..<rounds {
      best.exact = min(best.exact, try await seconds(exact))
      best.plain = min(best.plain, try await seconds { plain() })
    }
    let rates = (exact: operations / best.exact / 1e9, plain: operations / best.plain / 1e9)
    print(
      "| \(name) | \(tenths(rates.exact)) | \(tenths(rates.plain)) | "
        + "\(Int((100 * rates.exact / rates.plain).rounded())) % |")
  }

  static func seconds(_ body: () async throws -> Void) async throws -> Double {
    let start = ContinuousClock.now
    try await body()
    return start.duration(to: .now) / .seconds(1)
  }

  static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
