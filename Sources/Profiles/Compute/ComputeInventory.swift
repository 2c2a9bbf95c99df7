import Contributions

/// One device as the driver reported it at one time.
struct InventoryRow: Sendable {
  let time: Int64
  /// `device_index`; 0 where it was not reported, as on a host with one device.
  let device: Double
  /// Number of the sweep over all devices that it was part of.
  let sweep: Int
  /// Code of the identity; −1 where not reported or where it identifies nothing.
  let identity: Int32
  let hasGenericIdentity: Bool
  let model: GPUModel?
  let memory: Double
  let capability: Double
  let multiprocessors: Double
  let powerLimit: Double
  let clock: Double
  let memoryClock: Double
  /// The claim in force and the next one.
  let claims: ArraySlice<ComputeClaim>
}

/// A host's inventories in time order.
struct ComputeInventory: Sendable {
  let rows: [InventoryRow]
  private let table: RecordTable
  let sweepCount: Int
  /// Distinct devices over all inventories, by `device_index` or else by identity; 0 where the
  /// inventories name neither.
  let deviceCount: Int
  /// The numbers among them.
  let numbers: Set<Double>

  /// Devices of one sweep are reported within seconds; this separates sweeps that list different
  /// devices.
  private static let longestSweep: Int64 = 600_000

  init(_ table: RecordTable, claims: ComputeClaims) {
    self.table = table
    let devices = table.numbers("device_index")
    let identities = Self.identities(table)
    let names = table.codes("gpu_name")
    let memories = table.numbers("vram_mb")
    let capabilities = table.numbers("compute_cap")
    let multiprocessors = table.numbers("sm_count")
    let limits = table.numbers("power_limit_w")
    let clocks = table.numbers("clock_mhz")
    let memoryClocks = table.numbers("mem_clock_mhz")
    let sweeps = Self.sweeps(table.timestamps, devices)
    rows = (0..<table.count).map { row in
      InventoryRow(
        time: table.timestamps[row], device: devices[row].isNaN ? 0 : devices[row],
        sweep: sweeps[row], identity: identities.usable[row],
        hasGenericIdentity: identities.isGeneric[row],
        model: names[row] >= 0
          ? GPUReference.embedded.model(named: table.text(names[row])) : nil,
        memory: memories[row], capability: capabilities[row],
        multiprocessors: multiprocessors[row], powerLimit: limits[row], clock: clocks[row],
        memoryClock: memoryClocks[row], claims: claims.around(table.timestamps[row]))
    }
    sweepCount = (sweeps.last ?? -1) + 1
    let indices = Set(devices.filter { !$0.isNaN })
    let named = Set(identities.usable.filter { $0 >= 0 })
    numbers = indices
    deviceCount = indices.isEmpty ? named.count : indices.count
  }

  /// The text of an identity's code.
  func text(_ identity: Int32) -> String { table.text(identity) }

  private static func identities(_ table: RecordTable) -> (usable: [Int32], isGeneric: [Bool]) {
    let codes = table.codes("gpu_uuid")
    var generic: [Int32: Bool] = [:]
    let isGeneric = codes.map { code in
      guard code >= 0 else { return false }
      if let known = generic[code] { return known }
      let answer = GenericIdentity.matches(table.text(code))
      generic[code] = answer
      return answer
    }
    return (zip(codes, isGeneric).map { $1 ? -1 : $0 }, isGeneric)
  }

  /// A sweep ends where a device comes again, or after `longestSweep`.
  private static func sweeps(_ times: [Int64], _ devices: [Double]) -> [Int] {
    var seen: Set<Double> = []
    var start: Int64 = 0
    var sweep = -1
    return times.indices.map { row in
      let device = devices[row].isNaN ? 0 : devices[row]
      if sweep < 0 || seen.contains(device) || times[row] - start > longestSweep {
        sweep += 1
        start = times[row]
        seen.removeAll(keepingCapacity: true)
      }
      seen.insert(device)
      return sweep
    }
  }
}

/// Identities that say nothing because tools write them when there is none.
public enum GenericIdentity {
  /// Whether `identity` cannot tell two devices apart: blank, one digit repeated, a counting
  /// sequence, a stock word, or at most two characters.
  public static func matches(_ identity: String) -> Bool {
    var letters = identity.lowercased().utf8.filter {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
    }
    for prefix in ["gpu", "mig", "uuid"] where letters.starts(with: prefix.utf8) {
      letters.removeFirst(prefix.utf8.count)
    }
    guard letters.count > 2, Set(letters).count > 1 else { return true }
    let text = String(decoding: letters, as: UTF8.self)
    return stockWords.contains(text) || text.hasPrefix("01234567")
      || text.hasPrefix("12345678") || isFilledIn(letters)
  }

  /// Whether long runs of one character make up the identity, such as `1111-2222-3333` or zeros
  /// before a counter: 32 random digits change 30 times, and fewer than 12 times in one of 10¹⁴.
  private static func isFilledIn(_ letters: [UInt8]) -> Bool {
    guard letters.count >= 16 else { return false }
    let changes = zip(letters, letters.dropFirst()).reduce(0) { $1.0 == $1.1 ? $0 : $0 + 1 }
    return changes * 3 <= letters.count
  }

  private static let stockWords: Set<String> = [
    "none", "null", "nil", "unknown", "default", "undefined", "notavailable", "notsupported",
    "notapplicable", "notspecified", "tobefilledbyoem", "placeholder", "error", "test",
    "defaultstring", "serialnumber", "systemserialnumber", "invalid", "generic", "device", "empty",
    "deadbeef", "unknownuuid", "notset", "insufficientpermissions",
  ]
}
