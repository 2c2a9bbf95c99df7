import Contributions

/// What a host claims to be, from one claim on.
struct ComputeClaim: Sendable {
  let time: Int64
  let model: GPUModel?
  /// NaN where never claimed, like the other numbers.
  let count: Double
  /// MB per GPU.
  let memory: Double
  let cores: Double
  let mainMemory: Double
  let disk: Double
}

/// A host's claims in time order. A field that a claim leaves out keeps its last claimed value.
struct ComputeClaims: Sendable {
  let all: [ComputeClaim]
  /// Claims that say something else than the one before.
  let changes: Int
  /// Last claimed, as they were written.
  let modelName: String?
  let processor: String?
  let owner: String?
  let region: String?

  init(_ table: RecordTable) {
    let models = table.codes("gpu_model")
    let counts = table.numbers("gpu_count")
    let memories = table.numbers("vram_mb")
    let cores = table.numbers("cpu_cores")
    let mainMemories = table.numbers("ram_mb")
    let disks = table.numbers("disk_gb")
    var all: [ComputeClaim] = []
    var changes = 0
    for row in 0..<table.count {
      let before = all.last
      let claim = ComputeClaim(
        time: table.timestamps[row],
        model: models[row] >= 0
          ? GPUReference.embedded.model(named: table.text(models[row])) : before?.model,
        count: counts[row].isNaN ? before?.count ?? .nan : counts[row],
        memory: memories[row].isNaN ? before?.memory ?? .nan : memories[row],
        cores: cores[row].isNaN ? before?.cores ?? .nan : cores[row],
        mainMemory: mainMemories[row].isNaN ? before?.mainMemory ?? .nan : mainMemories[row],
        disk: disks[row].isNaN ? before?.disk ?? .nan : disks[row])
      if let before, before.differs(from: claim) { changes += 1 }
      all.append(claim)
    }
    self.all = all
    self.changes = changes
    modelName = table.lastText("gpu_model")
    processor = table.lastText("cpu_model")
    owner = table.lastText("owner")
    region = table.lastText("region")
  }

  /// The last claim: what the epoch's reward is for.
  var current: ComputeClaim? { all.last }

  /// Since when the current number of GPUs has been claimed without a break.
  var countClaimedSince: Int64 {
    let count = current?.count ?? .nan
    var since = Int64.max
    for claim in all.reversed() {
      guard claim.count == count else { break }
      since = claim.time
    }
    return since
  }

  /// The claim in force at `time` and the one after it; empty before the first claim.
  ///
  /// The next one matters because a host may show a new card shortly before its claim says so.
  func around(_ time: Int64) -> ArraySlice<ComputeClaim> {
    var low = 0
    var high = all.count
    while low < high {
      let middle = (low + high) / 2
      if all[middle].time <= time { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? [] : all[(low - 1)..<min(low + 1, all.count)]
  }
}

extension ComputeClaim {
  fileprivate func differs(from other: ComputeClaim) -> Bool {
    func differ(_ a: Double, _ b: Double) -> Bool { !a.isNaN && a != b }
    return model?.name != other.model?.name || differ(count, other.count)
      || differ(memory, other.memory) || differ(cores, other.cores)
      || differ(mainMemory, other.mainMemory) || differ(disk, other.disk)
  }
}
