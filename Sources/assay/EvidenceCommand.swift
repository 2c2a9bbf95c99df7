import ArgumentParser
import Contributions
import Ingestion
import Pipeline

struct EvidenceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence",
    abstract: "Prints one node's canonical records in order, and their digest.",
    discussion: "The digest is the one that the node's verdict names as its evidence.")

  @OptionGroup var network: ProfileOption
  @OptionGroup var input: LogOptions

  @Option(name: .long, help: ArgumentHelp("The node's identity.", valueName: "N"))
  var node: String

  @Flag(name: .long, help: "Print as JSON.")
  var json = false

  private struct Document: Encodable {
    let node: String
    let epoch: Int64
    let evidence: String
    let records: [String]
  }

  func run() async throws {
    let profile = try network.resolve()
    let reader = LogReader(
      schema: profile.schema, selection: input.selection, memoryLimit: input.memory.bytes,
      tasks: input.tasks)
    let progress = IngestionProgress()
    let wanted = Array(node.utf8)
    let (log, found) = try await ProgressLine.whileRunning(progress) {
      let log = try await reader.read(try input.files(), progress: progress)
      let found = try await log.mapNodes { records -> NodeRecords? in
        records.node.utf8.elementsEqual(wanted) ? records : nil
      }
      return (log, found.compactMap { $0 }.first)
    }
    guard let found else { throw PipelineError.noSuchNode(node) }
    let digest = "0x" + Hex.encode(found.evidence)
    let lines = RecordLines.lines(of: found)
    if json {
      try Console.printJSON(
        Document(node: node, epoch: log.epoch.day, evidence: digest, records: lines))
      return
    }
    for line in lines { Console.print(Terminal.safe(line)) }
    Console.print("\(lines.count) records of epoch \(log.epoch.day), evidence \(digest)")
  }
}

/// A node's records as readable lines, in canonical order.
enum RecordLines {
  static func lines(of records: NodeRecords) -> [String] {
    var rows: [(timestamp: Int64, kind: [UInt8], row: Int, text: String)] = []
    for table in records.tables {
      // Records of one moment are ordered by their canonical bytes: the kind's length stands first.
      let kind = Array(table.kind.name.utf8)
      let key = [UInt8(truncatingIfNeeded: kind.count)] + kind
      let columns = RecordColumn.all(of: table)
      for (row, timestamp) in table.timestamps.enumerated() {
        rows.append((timestamp, key, row, text(table, columns, row)))
      }
    }
    rows.sort { left, right in
      if left.timestamp != right.timestamp { return left.timestamp < right.timestamp }
      if left.kind != right.kind { return left.kind.lexicographicallyPrecedes(right.kind) }
      return left.row < right.row
    }
    return rows.map(\.text)
  }

  private static func text(_ table: RecordTable, _ columns: [RecordColumn], _ row: Int) -> String {
    var parts = ["\(table.timestamps[row])", table.kind.name]
    for column in columns {
      guard let text = column.text(row, quoted: { $0 }) else { continue }
      parts.append("\(column.field.name)=\(text)")
    }
    return parts.joined(separator: " ")
  }
}
