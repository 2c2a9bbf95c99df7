/// A network whose logs can be simulated: honest behaviour, faults, look-alikes and attacks.
///
/// `init` plans what nodes share (sites, owners, weather, who hears whom); `write` then gives any
/// node's day alone, in any order and from several threads, always the same bytes.
public protocol SimulatedNetwork: Sendable {
  static var profile: String { get }
  static var attacks: [AttackSpec] { get }
  static var faults: [HonestSpec] { get }
  static var lookAlikes: [HonestSpec] { get }

  /// - Parameters:
  ///   - cast: every node in order; groups are contiguous.
  ///   - seed: all randomness comes from it.
  ///   - days: the days since 1970-01-01 that will be written.
  init(cast: [CastMember], seed: UInt64, days: Range<Int64>)

  /// Writes one node's records of one day in time order.
  func write(_ member: CastMember, day: Int64, to writer: inout RecordWriter)
}
