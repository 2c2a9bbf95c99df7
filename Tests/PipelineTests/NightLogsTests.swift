import Bundles
import Foundation
import Ingestion
import Testing

@testable import Pipeline

struct NightLogsTests {
  private func court() async throws -> (court: Court, inputs: BundleReader.Inputs, log: URL) {
    let court = try await Court()
    return (court, try court.bundle.inputs(), URL(fileURLWithPath: court.log))
  }

  private func files(_ inputs: BundleReader.Inputs, in folder: TemporaryFolder) throws -> [String]?
  {
    inputs.files(among: try LogFile.find([folder.path]))?.map(\.name)
  }

  @Test func onlyTheRunsOwnFilesAreTakenFromAYearOfLogs() async throws {
    let (_, inputs, log) = try await court()
    let folder = try TemporaryFolder()
    let name = log.lastPathComponent
    _ = try folder.write("", to: "other.ndjson")
    let year = URL(fileURLWithPath: folder.path).appendingPathComponent("2025")
    for (night, text) in [("1", "{}\n"), ("2", try String(contentsOf: log, encoding: .utf8))] {
      let place = year.appendingPathComponent(night)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: place.appendingPathComponent(name))
    }
    #expect(try files(inputs, in: folder) == ["2025/2/\(name)"])
  }

  @Test func withoutAFileOfTheBooksThereAreNone() async throws {
    let (_, inputs, log) = try await court()
    let folder = try TemporaryFolder()
    _ = try folder.write("{}\n", to: log.lastPathComponent)
    #expect(try files(inputs, in: folder) == nil)
    let renamed = "renamed-\(log.lastPathComponent)"
    _ = try folder.write(try String(contentsOf: log, encoding: .utf8), to: renamed)
    #expect(try files(inputs, in: folder) == nil)
    #expect(inputs.files(among: [.standardInput]) == nil)
  }
}
