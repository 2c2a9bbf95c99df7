/// What the mobility relation reads of a node.
package struct MobilityTrace: Sendable {
  /// One image: its hash, and when it came, in tenths of a second since 1970.
  package struct Image: Sendable, Equatable {
    package let hash: UInt64
    package let time: Int64
  }

  /// A vehicle's number in force, and what can be held against it.
  package struct Vehicle: Sendable, Equatable {
    package let number: String
    /// ms since 1970 of the first and last sign of life under it, and how many there were.
    package let first: Int64
    package let last: Int64
    package let records: Int
    /// Ways in which the node contradicts the number it claims.
    package let contradictions: Int
    /// First and last odometer in km; NaN where not reported.
    package let firstOdometer: Double
    package let lastOdometer: Double
  }

  package let path: PathTrace
  package let images: [Image]
  package let vehicles: [Vehicle]
}
