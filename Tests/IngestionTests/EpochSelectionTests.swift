import Contributions
import Foundation
import Ingestion
import Testing

@Suite struct EpochSelectionTests {
  private let day = 20_412
  private func moment(_ day: Int, _ milliseconds: Int = 0) -> Int {
    day * 86_400_000 + milliseconds
  }

  @Test func oneDayNeedsNoChoice() async throws {
    let folder = try Folder()
    let text = [moment(day), moment(day, 86_399_999)].map { reading(1, at: $0) + "\n" }.joined()
    let result = try await read([folder.write(text)], selection: .single)
    #expect(result.epoch == Epoch(day: 20_412) && result.books.used == 2)
  }

  @Test(arguments: [1, 2, 4])
  func severalDaysAskForAChoice(tasks: Int) async throws {
    let folder = try Folder()
    let paths = try [moment(day, 86_399_999), moment(day + 1)].enumerated().map {
      try folder.write(reading(1, at: $1), "\($0).ndjson")
    }
    let expected = IngestionError.severalDays(Epoch(day: 20_412), Epoch(day: 20_413))
    await #expect(throws: expected) {
      try await read(paths, selection: .single, tasks: tasks)
    }
    let text = expected.description
    #expect(text.contains("2025-11-20") && text.contains("2025-11-21"))
    #expect(text.contains("--epoch 20413") && text.contains("--epoch all"))
  }

  @Test func quarantinedRecordsHaveNoDay() async throws {
    let folder = try Folder()
    let text = [
      reading(1, at: moment(day)), reading(1, at: moment(day + 3), extra: ",\"uv\":99"),
    ].joined(separator: "\n")
    let result = try await read([folder.write(text)], selection: .single)
    #expect(result.epoch == Epoch(day: 20_412) && result.books.quarantined == 1)
  }

  @Test func aChosenDayLeavesTheOthersAlone() async throws {
    let folder = try Folder()
    let good = (-2...2).map { reading(1, at: moment(day + $0)) }
    // What is wrong with a record of another day is left to that day; without a day, it is here.
    let other = moment(day + 1)
    let wrong = [
      reading(1, at: other, extra: ",\"uv\":99"), #"{"ts":\#(other),"kind":"reading"}"#,
      #"{"ts":\#(other),"node":"n","kind":"unheard of"}"#,
      reading(1, at: other, extra: ",\"uv\":1,\"uv\":1"), #"{"ts":\#(other),"x":1}"#,
      #"{"ts":\#(moment(day)),"node":"n","kind":"unheard of"}"#, "no JSON",
      #"{"ts":\#(other),"ts":\#(other),"node":"n","kind":"reading"}"#,
    ]
    let path = try folder.write((good + wrong).joined(separator: "\n"))
    let result = try await read([path], selection: .day(Epoch(day: Int64(day))))
    #expect(result.epoch == Epoch(day: 20_412))
    #expect(result.books.used == 1 && result.books.otherEpochs == 4 + 5)
    #expect(result.quarantine.map(\.reason) == [.unknownKind, .notAnObject, .duplicateKey])
    #expect(result.books.files.map(\.records) == [4])
  }

  @Test func aChosenDayMayBeEmpty() async throws {
    let folder = try Folder()
    let path = try folder.write(reading(1, at: moment(day)))
    let result = try await read([path], selection: .day(Epoch(day: 5)))
    #expect(result.epoch == Epoch(day: 5) && result.nodes.isEmpty && result.books.read == 0)
  }

  @Test func allDaysAreNumberedByTheLast() async throws {
    let folder = try Folder()
    let text = [1, -3, 4, 0].map { reading(1, at: moment(day + $0)) + "\n" }.joined()
    for tasks in [1, 2] {
      let result = try await read([folder.write(text)], selection: .all, tasks: tasks)
      #expect(result.epoch == Epoch(day: 20_416) && result.books.used == 4)
    }
  }

  @Test func aLogWithoutRecordsHasNoEpoch() async throws {
    let folder = try Folder()
    let path = try folder.write("wrong\n")
    for selection in [EpochSelection.single, .all] {
      await #expect(throws: IngestionError.noRecords) {
        try await read([path], selection: selection)
      }
    }
    #expect(IngestionError.noRecords.description.contains("--epoch N"))
    let empty = try await read([path], selection: .day(Epoch(day: 1)))
    #expect(empty.books.quarantined == 1 && empty.nodes.isEmpty)
  }
}
