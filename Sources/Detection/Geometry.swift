/// A way from measured values to the lattice on which distances are taken.
///
/// Detectors want different ones. Over the development tables the copula and the standardised
/// geometry rank best where the training rows are clean, the compressed one where they are not.
public enum Geometry: String, Sendable, CaseIterable, Codable {
  /// (x − mean) / standard deviation: keeps the distances as measured.
  case standardised
  /// asinh((x − median) / spread): linear near the median, logarithmic in the tails, so that one
  /// wild value does not own the geometry. See `ColumnScale.spread`.
  case compressed
  /// The normal quantile of the value's rank (a Gaussian copula's margin), and beyond the smallest
  /// and the largest reference value ln(1 + excess / standard deviation) further out: indifferent to a
  /// column's shape.
  case copula
}

/// The lattice of every geometry: integers of 20 bits, 1,024 steps a unit.
///
/// A unit is a standard deviation, a spread or a standard normal's deviation; ±1,023 of them fit.
/// Squared distances over at most 2,048 columns then stay below 2⁵³.
enum Lattice {
  static let bits = 20
  static let unit = 1024.0
  static let limit = 1_048_575.0
  static let largestColumns = 2048
}
