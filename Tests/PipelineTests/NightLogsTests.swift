import Bundles
import Foundation
import Ingestion
import Testing

@testable import Pipeline

struct NightLogsTests {
  /// The books of a bundle, and the log it is of.
  private func night() async throws -> (inputs: BundleReader.Inputs, name: String, text: String) {
    let court = try await Court()
    let log = URL(fileURLWithPath: court.log)
    return (
      try court.bundle.inputs(), log.lastPathComponent, try String(contentsOf: log, encoding: .utf8)
    )
  }

  private func files(_ inputs: BundleReader.Inputs, in folder: TemporaryFolder) throws -> [String]?
  {
    inputs.files(among: try LogFile.find([folder.path]))?.map(\.name)
  }

  @Test func onlyTheRunsOwnFilesAreTakenFromAYearOfLogs() async throws {
    let (inputs, name, text) = try await night()
    let folder = try TemporaryFolder()
    _ = try folder.write("", to: "other.ndjson")
    let year = URL(fileURLWithPath: folder.path).appendingPathComponent("2025")
    for (night, text) in [("1", "{}\n"), ("2", text)] {
      let place = year.appendingPathComponent(night)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: place.appendingPathComponent(name))
    }
    #expect(try files(inputs, in: folder) == ["2025/2/\(name)"])
  }

  @Test func withoutAFileOfTheBooksThereAreNone() async throws {
    let (inputs, name, text) = try await night()
    let folder = try TemporaryFolder()
    _ = try folder.write("{}\n", to: name)
    #expect(try files(inputs, in: folder) == nil)
    _ = try folder.write(text, to: "renamed-\(name)")
    #expect(try files(inputs, in: folder) == nil)
    #expect(inputs.files(among: [.standardInput]) == nil)
  }
}
