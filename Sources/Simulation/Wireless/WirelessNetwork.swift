/// Radio coverage: LoRaWAN gateways that beacon, witness each other and carry devices' packets,
/// and Wi-Fi or 5G access points that carry subscribers' sessions.
///
/// Towns of real regions hold the nodes; each region has its frequency plan. Who hears whom follows
/// from positions, antennas, clutter, noise and the spreading factor's demodulation floor, so that
/// an attack leaves the traces its physics leaves. Figures are those measured on the public logs of
/// CampusIoT: signal strength is hardly explained by distance (R² about 0.15, −11 dB a decade), a
/// link's own spread is 1.7 to 9.8 dB, 4.1 % of receptions arrive over 4 s late and 1.5 % over
/// 180 s, mostly those of a few gateways with slow backhaul.
///
/// The plan holds positions, hardware and links, about 1 kB a node. A transmission's or a
/// reception's randomness is keyed by who sent it, its number and who heard it: any node's day can
/// be written alone, and all hearers of one transmission agree on it.
public struct WirelessNetwork: SimulatedNetwork {
  public static let profile = "wireless"

  let seed: UInt64
  let days: Range<Int64>
  let towns: [Town]
  var nodes: [Node] = []
  var radios: [Radio] = []
  /// Which radios a radio hears.
  var links = LinkTable()
  /// How many radios hear a radio's beacons at all often.
  var reach: [Int] = []
  var devices: [Device] = []
  var deviceLinks = LinkTable()
  /// The other direction of `deviceLinks`: which radios hear a device.
  var audiences = LinkTable()

  public init(cast: [CastMember], seed: UInt64, days: Range<Int64>) {
    self.seed = seed
    self.days = days
    towns = Self.plannedTowns(cast: cast, seed: seed)
    planNodes(cast)
    let grid = RadioGrid(radios)
    links = plannedLinks(grid)
    reach = plannedReach()
    devices = plannedDevices()
    (deviceLinks, audiences) = plannedAudiences(grid)
  }

  public func write(_ member: CastMember, day: Int64, to writer: inout RecordWriter) {
    guard nodes.indices.contains(member.index) else { return }
    let node = nodes[member.index]
    var diary = Diary(day: day)
    addClaims(node, to: &diary)
    if node.ear >= 0 { addRadioRecords(node, to: &diary) }
    if node.hasAccess { addAccessRecords(node, to: &diary) }
    writer.begin(node: node.id)
    for entry in diary.inOrder() {
      emit(entry, of: node, to: &writer)
    }
  }

  /// The stream of one decision: what it is for, and whose it is.
  @inline(__always)
  func stream(_ purpose: Purpose, _ first: Int, _ second: Int = 0, _ third: Int = 0)
    -> RandomStream
  {
    RandomStream(
      seed: seed, purpose.rawValue, UInt64(bitPattern: Int64(first)),
      UInt64(bitPattern: Int64(second)), UInt64(bitPattern: Int64(third)))
  }

  /// What a stream of random numbers decides; no two decisions share one.
  enum Purpose: UInt64, Sendable {
    case towns = 0x5731
    case seat, group, radio, claim, owner, backhaul, restarts
    case link, linkDay, linkBlock, device, deviceLink, tracker, beacon, packet
    case reception, delay, power, thinning, copy, rewrite, relay, replay, clone
    case access, sessions, subscriber, heartbeats, speedtests, identifiers, glitch
  }

  /// ms in a day.
  static let dayLength: Int64 = 86_400_000
}
