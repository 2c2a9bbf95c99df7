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

  /// How a receiver's quality figures follow each other on the move.
  package struct Receiver: Sendable, Equatable {
    /// Median seconds between fixes, and fixes on the move.
    package let interval: Double
    package let count: Int
    /// Correlation of the dilution of precision, and of the number of satellites, with itself one fix
    /// later; NaN where it is not reported or never changes.
    package let dilution: Double
    package let satellites: Double
    /// The device's model.
    package let model: String?

    package init(
      interval: Double, count: Int, dilution: Double, satellites: Double, model: String?
    ) {
      self.interval = interval
      self.count = count
      self.dilution = dilution
      self.satellites = satellites
      self.model = model
    }
  }

  package let path: PathTrace
  package let images: [Image]
  package let vehicles: [Vehicle]
  package let receiver: Receiver?
}

extension MobilityTrace.Receiver {
  /// - Returns: `nil` for fewer than 40 fixes on the move: a correlation of fewer wanders by more
  ///   than a sixth.
  init?(_ noise: DriveNoise, _ steps: [DriveStep], model: String?) {
    guard noise.dilution.count >= 40 else { return nil }
    self.init(
      interval: Statistics.median(steps.map(\.seconds)), count: noise.dilution.count,
      dilution: Statistics.lagOneCorrelation(noise.dilution),
      satellites: Statistics.lagOneCorrelation(noise.satellites), model: model)
  }
}
