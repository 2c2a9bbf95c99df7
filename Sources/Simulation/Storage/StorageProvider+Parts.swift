extension StorageProvider {
  /// Turns the sound, honest provider into the one that the part asks for.
  ///
  /// - Parameter catalogue: the largest number of a content.
  mutating func play(_ part: Part, catalogue: Int) {
    var own = RandomStream(seed: seed, Purpose.part.rawValue, UInt64(member.index))
    var group = RandomStream(seed: seed, Purpose.group.rawValue, UInt64(member.group))
    switch part {
    case .honest: break
    case .fault(let name): fail(name, &own)
    case .lookAlike(let name): resemble(name, &own, &group)
    case .attack("S1", let strength): shareStore(strength, catalogue, &own, &group)
    case .attack("S2", let strength): inflate(strength, &own, &group)
    case .attack("S4", let strength): multiply(strength, &own, &group)
    case .attack("S5", let strength): outsourceProofs(strength, &own)
    case .attack("S6", let strength):
      // Partners hide that they serve badly.
      service.success =
        switch strength {
        case .easy: own.uniform(0.02, 0.15)
        case .medium: own.uniform(0.35, 0.55)
        case .hard: own.uniform(0.65, 0.82)
        }
    default: break
    }
  }

  private var groupKey: UInt64 { UInt64(member.group) | 1 << 40 }

  /// S1. Easy: one store at one place under one owner. Medium: fronts elsewhere pass every
  /// request on. Hard: they answer a part of them from a cache.
  private mutating func shareStore(
    _ strength: Strength, _ catalogue: Int, _ own: inout RandomStream,
    _ group: inout RandomStream
  ) {
    var common = StorageService(&group, loadKey: groupKey)
    shelf = (0..<28).map { _ in UInt64(group.integer(0...catalogue)) }
    common.success = group.uniform(0.95, 0.99)
    common.loadSpread = 0.65
    common.lookupSpread = strength == .easy ? 0.05 : strength == .medium ? 0.1 : 0.2
    common.relayMs = strength == .easy ? 0 : own.uniform(15, 70)
    common.loadShare = strength == .hard ? 0.65 : 1
    common.tail = 0.02
    let sharedOwner = "o" + WorkHash.hex(group.bits(), 16)
    let sharedNet = WorkHash.hex(group.bits(), 16)
    service = common
    outageKey = groupKey
    outages = (1, 3, 12...70)
    guard strength == .easy else { return }
    (owner, inetGroup) = (sharedOwner, sharedNet)
  }

  /// S2. Easy: drives listed over and over. Medium: the group's drives listed by each, or far
  /// more claimed than listed. Hard: one drive shared, a third to a half more claimed.
  private mutating func inflate(
    _ strength: Strength, _ own: inout RandomStream, _ group: inout RandomStream
  ) {
    let isAlone = member.members.count == 1
    let common = (0..<group.integer(3...6)).map { _ in StorageDrive(&group) }
    switch strength {
    case .easy:
      drives = common
      listings = own.integer(3...5)
      claimedDrives = drives.count * listings
      capacityGiB = (total * Double(listings) * own.uniform(0.9, 1)).rounded()
    case .medium:
      if isAlone {
        claimedDrives = drives.count * 3
        capacityGiB = (total * own.uniform(2.2, 3)).rounded()
      } else {
        drives += common
        claimedDrives = drives.count
        capacityGiB = (total * own.uniform(1.05, 1.3)).rounded()
      }
    case .hard:
      if !isAlone { drives.append(common[0]) }
      claimedDrives = drives.count
      capacityGiB = (total * own.uniform(1.35, 1.55)).rounded()
    }
  }

  private var total: Double { drives.reduce(0) { $0 + $1.gibibytes } }

  /// S4. Easy: one owner, one machine, equal claims. Medium: other owners. Hard: two network
  /// groups, drives of their own, more noise.
  private mutating func multiply(
    _ strength: Strength, _ own: inout RandomStream, _ group: inout RandomStream
  ) {
    var common = StorageService(&group, loadKey: groupKey)
    common.loadSpread = 0.4
    common.lookupSpread = strength == .hard ? 0.22 : 0.12
    let nets = [WorkHash.hex(group.bits(), 16), WorkHash.hex(group.bits(), 16)]
    let sharedOwner = "o" + WorkHash.hex(group.bits(), 16)
    let count = group.integer(1...4)
    let model = StorageDriveModel.all[group.drawn(by: StorageDriveModel.shares)]
    service = common
    outageKey = groupKey
    outages = (1, 2, 8...40)
    inetGroup = strength == .hard ? nets[member.place % 2] : nets[0]
    if strength == .easy { owner = sharedOwner }
    guard strength != .hard else { return }
    drives = (0..<count).map { _ in StorageDrive(&own, model: model) }
    capacityGiB = (total * 0.9).rounded()
    claimedDrives = count
  }

  /// S5. A part of the proofs is fetched from elsewhere: later, the less so the harder.
  private mutating func outsourceProofs(_ strength: Strength, _ own: inout RandomStream) {
    switch strength {
    case .easy:
      (service.secondShare, service.secondMs) = (0.5, own.uniform(900_000, 1_500_000))
      service.invalid = 0.1
    case .medium:
      (service.secondShare, service.secondMs) = (0.4, own.uniform(420_000, 720_000))
      service.invalid = 0.03
    case .hard: (service.secondShare, service.secondMs) = (0.25, service.lateMs * 2.5)
    }
  }

  private mutating func fail(_ name: String, _ own: inout RandomStream) {
    switch name {
    case "dead drive":
      let index = own.integer(0...(drives.count - 1))
      drives[index].errors += own.uniform(800, 20_000).rounded()
      drives[index].present = 0...own.uniform(4, 20)
      service.auditFailure = own.uniform(0.08, 0.3)
      service.success *= 0.85
    case "offline":
      let start = own.uniform(0, 14)
      offline = start...(start + own.uniform(5, 10))
    case "slow disk":
      service.lookupMs *= own.uniform(6, 15)
      service.lookupSpread = 0.8
      service.megabytesPerSecond /= 8
    case "bad memory": service.corruption = own.uniform(0.12, 0.3)
    case "zero capacity": for index in drives.indices { drives[index].gibibytes = 0 }
    case "dead counter": for index in drives.indices { drives[index].hours = -1 }
    default: break
    }
  }

  private mutating func resemble(
    _ name: String, _ own: inout RandomStream, _ group: inout RandomStream
  ) {
    switch name {
    case "data centre":
      // One uplink and one clientele; disks and machines of their own.
      inetGroup = WorkHash.hex(group.bits(), 16)
      owner = "o" + WorkHash.hex(group.bits(), 16)
      (service.loadKey, service.loadSpread) = (groupKey, 0.3)
      service.lookupSpread = max(service.lookupSpread, 0.4)
      outageKey = groupKey
      outages = (0.7, 1, 5...30)
    case "hosting provider": inetGroup = WorkHash.hex(group.bits(), 16)
    case "generic ids":
      let id = own.pick(StorageDriveModel.genericIDs)
      for index in drives.indices { drives[index].id = id }
    case "drive read twice":
      var drive = StorageDrive(&group)
      let hour = group.uniform(6, 16)
      drive.present = member.place == 0 ? 0...hour : (hour + 1)...24
      drives.append(drive)
      claimedDrives += 1
    case "slow sealer":
      service.lateMs = own.uniform(600_000, 1_100_000)
      service.lateSpread = 0.28
      service.invalid = 0.01
    default: break
    }
  }
}
