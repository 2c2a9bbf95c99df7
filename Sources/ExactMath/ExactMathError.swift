/// Why an exact computation was refused. Nothing is computed approximately instead.
public enum ExactMathError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An array does not have the length its shape asks for.
  case shape(what: String, expected: Int, found: Int)
  /// A setting is outside the range it may have.
  case argument(name: String, value: Int, allowed: ClosedRange<Int>)
  /// A value that must be an integer of at most `bits` bits (or a finite number, if `bits` is
  /// nil) is not.
  case value(what: String, row: Int, column: Int, bits: Int?)
  /// Products or partial sums could pass 2^53 and would no longer be exact.
  case bound(what: String, bitsNeeded: Int)
  /// A 128-bit integer overflowed.
  case overflow(what: String)
  /// A Cholesky pivot is not positive; the matrix is not positive definite.
  case notPositiveDefinite(pivot: Int, value: Double)
  /// The QL iteration did not settle on an eigenvalue.
  case noConvergence(eigenvalue: Int, iterations: Int)

  public var description: String {
    switch self {
    case .shape(let what, let expected, let found):
      "\(what): expected \(expected), found \(found)"
    case .argument(let name, let value, let allowed):
      "\(name) is \(value), but must lie in \(allowed.lowerBound)...\(allowed.upperBound)"
    case .value(let what, let row, let column, let bits?):
      "\(what) at row \(row), column \(column) is not an integer of at most \(bits) bits"
    case .value(let what, let row, let column, nil):
      "\(what) at row \(row), column \(column) is not a finite number"
    case .bound(let what, let bitsNeeded):
      "\(what) needs \(bitsNeeded) bits; a double holds 53 exactly. Use fewer bits or columns"
    case .overflow(let what):
      "\(what) overflows 128 bits. Use fewer rows or bits"
    case .notPositiveDefinite(let pivot, let value):
      "the matrix is not positive definite: pivot \(pivot) is \(value)"
    case .noConvergence(let eigenvalue, let iterations):
      "eigenvalue \(eigenvalue) did not converge in \(iterations) iterations"
    }
  }
}

func check(_ name: String, _ value: Int, in allowed: ClosedRange<Int>) throws {
  guard allowed.contains(value) else {
    throw ExactMathError.argument(name: name, value: value, allowed: allowed)
  }
}

func checkCount(_ what: String, _ found: Int, rows: Int, columns: Int) throws {
  let (expected, isTooLarge) = rows.multipliedReportingOverflow(by: columns)
  guard !isTooLarge, expected == found else {
    throw ExactMathError.shape(what: what, expected: isTooLarge ? .max : expected, found: found)
  }
}

/// The smallest `b` with `count <= 2^b`: what a sum of `count` terms adds to the bits of its terms.
func ceilLog2(_ count: Int) -> Int {
  count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
}
