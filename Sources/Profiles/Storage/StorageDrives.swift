import Contributions
import ExactMath

/// One drive as the node's records describe it.
struct StorageDrive: Sendable {
  let identity: Int32
  let model: Int32
  /// Largest reported, GiB; NaN where never.
  var capacity: Double
  var hours: Double
  var errors: Double
  var newErrors: Double
  let first: Int64
  var last: Int64
  var sightings: Int
  /// Whether a later record shows another model, another size, or an age that is not this drive's.
  var isConfused = false
}

/// The node's drives: each identity once, however often it is read.
struct StorageDrives: Sendable {
  let table: RecordTable
  let drives: [StorageDrive]
  /// Most drives without a usable identity that one listing showed, and their capacity together.
  let unnamed: Int
  let unnamedCapacity: Double
  /// Records with a placeholder for an identity.
  let genericRows: Int
  /// Stretches of at most five minutes between drive records, and the most drives in one.
  let listings: Int
  let longestListing: Int
  let rowCount: Int

  private static let listingGap: Int64 = 300_000

  init(_ table: RecordTable) {
    self.table = table
    rowCount = table.count
    let identities = table.codes("drive_id")
    let models = table.codes("drive_model")
    let capacities = table.numbers("capacity_gib")
    let hours = table.numbers("power_on_h")
    let errors = table.numbers("errors")
    var places: [Int32: Int] = [:]
    var drives: [StorageDrive] = []
    var listing = Listing()
    var generic = 0
    for row in 0..<table.count {
      let time = table.timestamps[row]
      listing.step(to: time, gap: Self.listingGap)
      let identity = identities[row]
      let isGeneric = identity >= 0 && Self.isPlaceholder(table.text(identity))
      if isGeneric { generic += 1 }
      guard identity >= 0, !isGeneric else {
        listing.addUnnamed(capacities[row])
        continue
      }
      listing.named.insert(identity)
      guard let place = places[identity] else {
        places[identity] = drives.count
        drives.append(
          StorageDrive(
            identity: identity, model: models[row], capacity: capacities[row], hours: hours[row],
            errors: errors[row], newErrors: 0, first: time, last: time, sightings: 1))
        continue
      }
      drives[place].update(
        model: models[row], capacity: capacities[row], hours: hours[row], errors: errors[row],
        time: time)
    }
    listing.close()
    self.drives = drives
    unnamed = listing.mostUnnamed
    unnamedCapacity = listing.mostUnnamedCapacity
    genericRows = generic
    listings = listing.count
    longestListing = listing.longest
  }

  /// What tools print without a serial number, and what virtual machines' disks are called.
  private static func isPlaceholder(_ identity: String) -> Bool {
    let text = identity.lowercased()
    return GenericIdentity.matches(identity)
      || ["qm000", "deadbeef", "vbox", "virtio", "vmware"].contains { text.hasPrefix($0) }
  }

  /// Whether one identity stands for drives of different models, sizes or ages, as where a
  /// controller hides the drives' own.
  var areConfused: Bool { drives.contains(where: \.isConfused) }

  var count: Int { drives.count + unnamed }

  /// GiB of all drives; NaN unless each has one.
  var capacity: Double {
    drives.reduce(unnamed == 0 ? 0 : unnamedCapacity) { $0 + $1.capacity }
  }

  var largest: Double {
    drives.reduce(0) { max($0, $1.capacity.isNaN ? 0 : $1.capacity) }
  }

  /// Whether what was never listed is not there: drives are listed together, or were read so often
  /// that one more of `claimed` would have been met, but for a chance of e to `logChance`.
  func areAllOf(_ claimed: Double, logChance: Double = -13.8) -> Bool {
    if longestListing >= 2 { return true }
    guard count >= 1, Double(count) < claimed else { return true }
    let reads = Double(rowCount) * Portable.log(Double(count) / claimed)
    let choices = (1...count).reduce(0.0) { sum, drive in
      sum + Portable.log((claimed - Double(count - drive)) / Double(drive))
    }
    return reads + choices < logChance
  }

  /// Walks through the listings.
  private struct Listing {
    var count = 0
    var longest = 0
    var mostUnnamed = 0
    var mostUnnamedCapacity = 0.0
    var named: Set<Int32> = []
    private var unnamed = 0
    private var unnamedCapacity = 0.0
    private var last: Int64?

    mutating func step(to time: Int64, gap: Int64) {
      if let last, time - last <= gap {
        self.last = time
        return
      }
      close()
      count += 1
      last = time
    }

    mutating func addUnnamed(_ capacity: Double) {
      unnamed += 1
      unnamedCapacity += capacity
    }

    mutating func close() {
      longest = max(longest, named.count + unnamed)
      if unnamed > mostUnnamed {
        mostUnnamed = unnamed
        mostUnnamedCapacity = unnamedCapacity
      }
      named.removeAll(keepingCapacity: true)
      unnamed = 0
      unnamedCapacity = 0
    }
  }
}

extension StorageDrive {
  fileprivate mutating func update(
    model: Int32, capacity: Double, hours: Double, errors: Double, time: Int64
  ) {
    let aged = hours - self.hours
    if model >= 0 && self.model >= 0 && model != self.model
      || (capacity / self.capacity - 1).magnitude > 0.05
      || aged < -2 || aged > Double(time - last) / 3_600_000 + 25
    {
      isConfused = true
      last = time
      sightings += 1
      return
    }
    if self.capacity.isNaN || capacity > self.capacity { self.capacity = capacity }
    if !hours.isNaN { self.hours = hours }
    if errors > self.errors { newErrors += errors - self.errors }
    if !errors.isNaN { self.errors = errors }
    last = time
    sightings += 1
  }
}
