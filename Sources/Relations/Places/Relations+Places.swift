import Contributions
import Profiles

extension Relations {
  /// Where nodes stand by what they measured: the very searches by which the network's relation
  /// finds that a claim does not fit.
  ///
  /// - Parameters:
  ///   - wanted: places in `traces` of the nodes to look at.
  ///   - traces: every node of the epoch, in node order.
  /// - Returns: what was found by the place in `traces`; nothing of nodes that claim no position.
  public static func places(
    of wanted: Set<Int>, among traces: [PlaceTrace], in schema: ProfileSchema
  ) -> [Int: NodePlace] {
    switch schema.name {
    case ProfileSchema.wireless.name: RadioMap(traces).places(of: wanted)
    case ProfileSchema.environment.name: WeatherMap(traces).places(of: wanted)
    default: [:]
    }
  }
}

/// Radio nodes with the ends of their links.
private struct RadioMap {
  private let names: [String]
  private let places: RadioPlaces

  init(_ traces: [PlaceTrace]) {
    names = traces.map(\.node)
    places = RadioPlaces(
      RadioNetwork(traces.map { $0.trace as? WirelessTrace }, names: names), names: names)
  }

  func places(of wanted: Set<Int>) -> [Int: NodePlace] {
    var found: [Int: NodePlace] = [:]
    for node in wanted { found[node] = place(of: node) }
    return found
  }

  private func place(of node: Int) -> NodePlace? {
    guard let station = places.network.stations[node], let here = station.position else {
      return nil
    }
    let fit = places.fit(of: node)
    let best = fit.place(from: here)
    let isFitted = fit.links >= PositionFit.minimumLinks
    var place = NodePlace(
      claimed: .init(here), best: best.map(NodePlace.Point.init),
      basis: best == nil ? nil : .links, metres: best == nil ? nil : fit.metres,
      ties: links(of: node) + devices(of: station, at: here))
    if isFitted {
      place.claimedMisfit = fit.claimed.finite
      place.bestMisfit = fit.best.finite
    }
    place.deviation = places.model?.deviation
    return place
  }

  private func links(of node: Int) -> [NodePlace.Tie] {
    places.network.links(of: node).prefix(PositionFit.mostAnchors).map { link in
      let isHeard = link.receiver == node
      let other = isHeard ? link.sender : link.receiver
      let there = places.network.stations[other]?.position
      var tie = NodePlace.Tie(
        node: names[other], kind: isHeard ? .heard : .hearing,
        place: there.map(NodePlace.Point.init), metres: link.metres.finite)
      tie.rssi = link.rssi.finite
      tie.excess = places.model?.excess(link).finite
      tie.count = link.count
      tie.isUsed = there != nil && places.trusts(other)
      return tie
    }
  }

  /// Their strength is not held against the line: what they radiate is not known.
  private func devices(of station: WirelessTrace, at here: Position) -> [NodePlace.Tie] {
    station.devices.compactMap { device in
      guard let there = Position(Double(device.latitude), Double(device.longitude)) else {
        return nil
      }
      var tie = NodePlace.Tie(
        node: "", kind: .device, place: .init(there), metres: here.distance(to: there))
      tie.rssi = Double(device.rssi).finite
      return tie
    }
  }
}

/// Weather stations with those around them.
private struct WeatherMap {
  /// Neighbours shown.
  private static let near = 15

  private let names: [String]
  private let stations: [WeatherStation]
  private let towns: NearStations
  private let sky: SkyPlace

  init(_ traces: [PlaceTrace]) {
    names = traces.map(\.node)
    stations = traces.enumerated().compactMap { index, trace in
      (trace.trace as? EnvironmentTrace).map { WeatherStation($0, place: index) }
    }
    towns = NearStations(stations)
    sky = SkyPlace(stations, towns)
  }

  func places(of wanted: Set<Int>) -> [Int: NodePlace] {
    var found: [Int: NodePlace] = [:]
    for (index, station) in stations.enumerated() where wanted.contains(station.node) {
      found[station.node] = place(of: index)
    }
    return found
  }

  private func place(of station: Int) -> NodePlace? {
    guard let here = stations[station].trace.position else { return nil }
    var ties = towns.nearest(station, Self.near).map { tie(station, $0, .near, from: here) }
    if let town = sky.town(of: station) {
      ties += town.stations.map { tie(station, $0.station, .elsewhere, from: here) }
      return NodePlace(
        claimed: .init(here), best: .init(town.place), basis: .clouds, metres: town.metres,
        ties: ties)
    }
    let there = bySun(station, here)
    return NodePlace(
      claimed: .init(here), best: there.map(NodePlace.Point.init),
      basis: there == nil ? nil : .sun, metres: there.map { here.distance(to: $0) }, ties: ties)
  }

  /// On the claimed latitude, where the sun rises when the light does.
  private func bySun(_ station: Int, _ here: Position) -> Position? {
    let shift = stations[station].trace.sunShift
    guard shift != 0, shift.isFinite else { return nil }
    var longitude = here.longitude + shift
    if longitude > 180 { longitude -= 360 } else if longitude < -180 { longitude += 360 }
    return Position(here.latitude, longitude)
  }

  private func tie(
    _ station: Int, _ other: Int, _ kind: NodePlace.Tie.Kind, from here: Position
  ) -> NodePlace.Tie {
    let there = stations[other].trace.position
    var tie = NodePlace.Tie(
      node: names[stations[other].node], kind: kind, place: there.map(NodePlace.Point.init),
      metres: there.map { here.distance(to: $0) })
    if let own = stations[station].course(.pressure), let course = stations[other].course(.pressure)
    {
      tie.pressureDifference = own.distance(to: course)?.shape
    }
    tie.correlation = sky.correlation(station, other)
    return tie
  }
}

extension Double {
  /// `nil` for what is not a number or has no end.
  fileprivate var finite: Double? { isFinite ? self : nil }
}
