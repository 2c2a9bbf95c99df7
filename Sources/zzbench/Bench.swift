import Contributions
import Ingestion
import Foundation
@main struct B { static func main() async throws {
  let a = CommandLine.arguments
  let clock = ContinuousClock()
  var t = clock.now
  let reader = LogReader(schema: ProfileSchema.named(a[1])!, selection: .all, memoryLimit: Int(a[2])! << 20, tasks: Int(a[3])!)
  let log = try await reader.read(try LogFile.find(Array(a.dropFirst(4))))
  print("parse", t.duration(to: clock.now)); t = clock.now
  let counts = try await log.mapNodes { ($0.count, $0.evidence) }
  print("group", t.duration(to: clock.now), counts.count)
  print(log.books)
  for q in try log.quarantined().prefix(10) { print(q) }
} }
