import Foundation

/// A labelled log of a simulated network, written day by day.
public struct Simulation: Sendable {
  public let network: any SimulatedNetwork.Type
  public let nodes: Int
  /// The days since 1970-01-01 that are written, one file each.
  public let days: Range<Int64>
  public let seed: UInt64
  public let cast: Cast

  /// Day of the first epoch: 2026-01-01. Any would do; the logs of one seed must not depend on when
  /// they are written.
  public static let firstDay: Int64 = 20_454

  /// - Parameters:
  ///   - attacks: codes to play; all of the network's are `attackCodes(of:)`.
  ///   - contamination: share of spoofed nodes.
  /// - Throws: `SimulationError` for settings that make no network.
  public init(
    _ network: any SimulatedNetwork.Type, nodes: Int, epochs: Int, seed: UInt64,
    attacks: [String], contamination: Double
  ) throws(SimulationError) {
    guard (1...10_000_000).contains(nodes) else { throw .badNodes(nodes) }
    guard (1...1000).contains(epochs) else { throw .badEpochs(epochs) }
    guard contamination >= 0, contamination <= 0.5 else {
      throw .badContamination(contamination)
    }
    let known = Self.attackCodes(of: network)
    for code in attacks where !known.contains(code) {
      throw .unknownAttack(code, known: known)
    }
    self.network = network
    self.nodes = nodes
    self.seed = seed
    days = Self.firstDay..<(Self.firstDay + Int64(epochs))
    cast = Cast(
      nodes: nodes, attacks: network.attacks.filter { attacks.contains($0.code) },
      faults: network.faults, lookAlikes: network.lookAlikes, contamination: contamination,
      seed: seed)
  }

  /// The codes of the attacks that a network can simulate, in order.
  public static func attackCodes(of network: any SimulatedNetwork.Type) -> [String] {
    network.attacks.map(\.code)
  }

  /// Nodes whose records are made at a time by one task.
  private static let chunk = 64

  /// Writes `epoch-NNNNNN.ndjson` for every day and `labels.csv` into a new folder, which appears
  /// when all is written.
  ///
  /// Memory holds the plan and a few chunks of records; the bytes do not depend on `tasks`.
  ///
  /// - Parameter progress: told the records written so far.
  /// - Returns: the number of records.
  /// - Throws: `SimulationError.exists`, `.cannotWrite`.
  public func write(
    to folder: String, tasks: Int, progress: @Sendable (Int) -> Void = { _ in }
  ) async throws -> Int {
    guard !FileManager.default.fileExists(atPath: folder) else {
      throw SimulationError.exists(folder)
    }
    let partial = folder + ".partial-\(ProcessInfo.processInfo.processIdentifier)"
    do {
      try FileManager.default.createDirectory(
        atPath: partial, withIntermediateDirectories: true)
      let network = network.init(cast: cast.members, seed: seed, days: days)
      var written = 0
      for day in days {
        let before = written
        let number = String(format: "%06lld", day)
        let output = try OutputStream(path: "\(partial)/epoch-\(number).ndjson")
        written += try await write(network, day: day, to: output, tasks: tasks) {
          progress(before + $0)
        }
        try output.close()
      }
      let labels = try OutputStream(path: "\(partial)/labels.csv")
      try labels.write(labelsCSV)
      try labels.close()
      try FileManager.default.moveItem(atPath: partial, toPath: folder)
      return written
    } catch {
      try? FileManager.default.removeItem(atPath: partial)
      if error is SimulationError { throw error }
      throw SimulationError.cannotWrite(folder, reason: "\(error.localizedDescription)")
    }
  }

  private func write(
    _ network: some SimulatedNetwork, day: Int64, to output: OutputStream, tasks: Int,
    progress: (Int) -> Void
  ) async throws -> Int {
    let members = cast.members
    let chunks = (members.count + Self.chunk - 1) / Self.chunk
    return try await withThrowingTaskGroup(of: (Int, RecordWriter).self) { group in
      func start(_ chunk: Int) {
        group.addTask {
          var writer = RecordWriter()
          let last = min((chunk + 1) * Self.chunk, members.count)
          for member in members[(chunk * Self.chunk)..<last] {
            writer.begin(node: member.id)
            network.write(member, day: day, to: &writer)
          }
          return (chunk, writer)
        }
      }
      // Twice as many chunks as tasks are under way, so that no task waits for the disk.
      var started = min(chunks, tasks * 2)
      for chunk in 0..<started { start(chunk) }
      var waiting: [Int: RecordWriter] = [:]
      var next = 0
      var written = 0
      while let (chunk, writer) = try await group.next() {
        waiting[chunk] = writer
        while let ready = waiting.removeValue(forKey: next) {
          try output.write(ready.bytes)
          written += ready.count
          next += 1
          if started < chunks {
            start(started)
            started += 1
          }
        }
        progress(written)
      }
      return written
    }
  }

  /// Who played what: `node,label,attack,strength,part`.
  var labelsCSV: [UInt8] {
    var text = "node,label,attack,strength,part\n"
    for member in cast.members {
      switch member.part {
      case .honest: text += "\(member.id),0,,,honest\n"
      case .fault(let name): text += "\(member.id),0,fault,,\(name)\n"
      case .lookAlike(let name): text += "\(member.id),0,,,\(name)\n"
      case .attack(let code, let strength):
        text += "\(member.id),1,\(code),\(strength.rawValue),\(code)\n"
      }
    }
    return Array(text.utf8)
  }
}

/// A file being written in order.
private final class OutputStream {
  private let handle: FileHandle

  init(path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path)
    else { throw SimulationError.cannotWrite(path, reason: "no such folder, or no permission") }
    self.handle = handle
  }

  func write(_ bytes: [UInt8]) throws {
    try handle.write(contentsOf: bytes)
  }

  func close() throws {
    try handle.synchronize()
    try handle.close()
  }
}
