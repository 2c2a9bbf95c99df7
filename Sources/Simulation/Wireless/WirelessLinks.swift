extension WirelessNetwork {
  /// Links grouped by the end that owns them.
  struct LinkTable: Sendable {
    private var offsets: [Int32] = [0]
    private(set) var links: [Link] = []

    init() {}

    /// Groups links by owner; within an owner they keep their order.
    init(owners: Int, _ pairs: [(owner: Int32, link: Link)]) {
      offsets = Array(repeating: 0, count: owners + 1)
      for pair in pairs { offsets[Int(pair.owner) + 1] += 1 }
      for owner in 0..<owners { offsets[owner + 1] += offsets[owner] }
      var next = offsets
      links = Array(repeating: Link(other: 0, gain: 0, deviation: 0), count: pairs.count)
      for pair in pairs {
        links[Int(next[Int(pair.owner)])] = pair.link
        next[Int(pair.owner)] += 1
      }
    }

    func range(of owner: Int) -> Range<Int> {
      guard owner >= 0, owner + 1 < offsets.count else { return 0..<0 }
      return Int(offsets[owner])..<Int(offsets[owner + 1])
    }

    subscript(owner: Int) -> ArraySlice<Link> { links[range(of: owner)] }
  }

  /// Radios by cells of a quarter of a degree, so that neighbours are found near, not among all.
  struct RadioGrid: Sendable {
    private let starts: [Int64: Range<Int>]
    private let order: [Int32]

    init(_ radios: [Radio]) {
      let keyed = radios.indices.map { (key: Self.key(Self.cell(radios[$0].place)), index: $0) }
        .sorted { ($0.key, $0.index) < ($1.key, $1.index) }
      var starts: [Int64: Range<Int>] = [:]
      var low = 0
      while low < keyed.count {
        var high = low
        while high < keyed.count, keyed[high].key == keyed[low].key { high += 1 }
        starts[keyed[low].key] = low..<high
        low = high
      }
      self.starts = starts
      order = keyed.map { Int32($0.index) }
    }

    static func cell(_ place: Place) -> (row: Int64, column: Int64) {
      (Int64((place.lat * 4).rounded(.down)), Int64((place.lon * 4).rounded(.down)))
    }

    private static func key(_ cell: (row: Int64, column: Int64)) -> Int64 {
      (cell.row + 1000) << 20 | (cell.column + 2000)
    }

    /// Calls `visit` with the radios within `cells` rows and columns of a place.
    func forEach(near place: Place, cells: Int64, _ visit: (Int) -> Void) {
      let (row, column) = Self.cell(place)
      for y in (row - cells)...(row + cells) {
        for x in (column - cells)...(column + cells) {
          guard let range = starts[Self.key((y, x))] else { continue }
          for index in range { visit(Int(order[index])) }
        }
      }
    }
  }

  /// Every link over which a reception is possible, by the radio that hears.
  func plannedLinks(_ grid: RadioGrid) -> LinkTable {
    var pairs: [(owner: Int32, link: Link)] = []
    func consider(_ first: Int, _ second: Int) {
      let (low, high) = (min(first, second), max(first, second))
      guard let path = path(low, high) else { return }
      for (ear, mouth) in [(low, high), (high, low)] where canHear(ear, mouth, path.gain) {
        let link = link(ear, mouth, path)
        pairs.append((Int32(ear), link))
      }
    }
    for first in radios.indices {
      let near = RadioGrid.cell(radios[first].place)
      grid.forEach(near: radios[first].place, cells: 1) { second in
        if second > first { consider(first, second) }
      }
      // Far radios meet those beyond the neighbouring cells too: about 100 km.
      guard radios[first].isFar else { continue }
      grid.forEach(near: radios[first].place, cells: 5) { second in
        let cell = RadioGrid.cell(radios[second].place)
        let isNear = abs(cell.row - near.row) <= 1 && abs(cell.column - near.column) <= 1
        if !isNear, !radios[second].isFar || second > first { consider(first, second) }
      }
    }
    pairs += circleLinks()
    return LinkTable(owners: radios.count, pairs)
  }

  /// Counts the radios that hear each radio's slowest beacons as a rule.
  func plannedReach() -> [Int] {
    var reach = Array(repeating: 0, count: radios.count)
    for ear in radios.indices {
      let floor = LoRa.floor(Band.all[radios[ear].band].beacons.max() ?? 12)
      for link in links[ear] {
        let level = Double(link.gain) + radios[Int(link.other)].power - radios[ear].noise
        if level > floor { reach[Int(link.other)] += 1 }
      }
    }
    return reach
  }

  private func canHear(_ ear: Int, _ mouth: Int, _ gain: Double) -> Bool {
    let (receiver, sender) = (radios[ear], radios[mouth])
    guard !receiver.isDeaf, !sender.isSilent else { return false }
    if receiver.isFaint { return gain + sender.power > receiver.noise - 45 }
    let slowest = LoRa.floor(Band.all[receiver.band].slowest)
    return gain + sender.power - receiver.noise - slowest > Propagation.hopeless
  }

  /// A link as it is heard; radios at the edge hear everything within SF12's last decibels.
  private func link(
    _ ear: Int, _ mouth: Int, _ path: (gain: Double, deviation: Double)
  ) -> Link {
    var (gain, deviation) = path
    if radios[ear].isFaint {
      var random = stream(.link, ear, mouth, 3)
      gain = radios[ear].noise - random.uniform(18.5, 20.5) - radios[mouth].power
      deviation = random.uniform(1, 1.7)
    }
    return Link(other: Int32(mouth), gain: Float(gain), deviation: Float(deviation))
  }

  /// Members of a clique hear each other however far apart they claim to be; those in
  /// neighbouring cells have met already.
  private func circleLinks() -> [(owner: Int32, link: Link)] {
    var pairs: [(owner: Int32, link: Link)] = []
    for node in nodes where node.ear >= 0 && radios[node.ear].circle >= 0 {
      let own = RadioGrid.cell(radios[node.ear].place)
      var other = node.leader
      while other < nodes.count, nodes[other].leader == node.leader {
        defer { other += 1 }
        let mouth = nodes[other].mouth
        guard other != node.index, mouth >= 0 else { continue }
        let cell = RadioGrid.cell(radios[mouth].place)
        if abs(cell.row - own.row) <= 1, abs(cell.column - own.column) <= 1 { continue }
        let (low, high) = (min(node.ear, mouth), max(node.ear, mouth))
        guard let path = path(low, high), canHear(node.ear, mouth, path.gain) else { continue }
        pairs.append((Int32(node.ear), link(node.ear, mouth, path)))
      }
    }
    return pairs
  }
}
