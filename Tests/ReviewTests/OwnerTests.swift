import Foundation
import Testing

@testable import Review

/// Whose nodes are whose.
struct OwnerTests {
  private func list(_ text: String) throws -> OwnerList {
    try OwnerList(csv: Array(text.utf8))
  }

  private func owners(_ desk: Desk) async throws -> [String: String] {
    let rows = try await desk.store.queue(limit: 100, now: noon)
    return Dictionary(
      uniqueKeysWithValues: rows.compactMap { row in row.owner.map { (row.node, $0) } })
  }

  @Test func quotesAndLineEndsAreReadAsRFC4180HasThem() throws {
    let text =
      "\u{FEFF}node,owner\r\na,Acme\r\n\"b,\"\"c\"\"\",\"Two\nlines\"\n\nd,  e \na,Acme\r\nf,\"g\""
    let pairs = try list(text).pairs
    #expect(pairs.map(\.node) == ["a", "b,\"c\"", "d", "f"])
    #expect(pairs.map(\.owner) == ["Acme", "Two\nlines", "  e ", "g"])
    #expect(try list("").count == 0 && list("node,owner\n").count == 0)
    #expect(try list("node,owner\nnode,owner\n").count == 1)
  }

  @Test(arguments: [
    ("a", "line 1"), ("a,b,c", "line 1"), ("x,y\n,b", "line 2"), ("a,", "line 1"),
    ("a,b\na,c", "line 2"), ("\"a\"x,b", "line 1"), ("a,\"b", "line 1"), ("a,b\n\"c", "line 2"),
    ("a,\(String(repeating: "x", count: 501))", "line 1"),
  ])
  func whatIsNoListIsRefusedWithItsLine(_ pair: (String, String)) async {
    let refused = await refusal { try list(pair.0) }
    guard case .badInput(let words) = refused else {
      Issue.record("\(pair.0): \(String(describing: refused))")
      return
    }
    #expect(words.contains(pair.1))
  }

  @Test func bytesThatAreNoTextAreRefused() async {
    for bytes: [UInt8] in [[0x61, 0x2C, 0xFF], [0xC3, 0x2C, 0x61]] {
      #expect(await refusal { try OwnerList(csv: bytes) } != nil)
    }
  }

  /// Every list that is written by the rules is read back, whatever its texts hold.
  @Test func anyTextsAreReadBack() throws {
    var state: UInt64 = 7
    func random(below count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    let alphabet: [Character] = ["a", "\"", ",", "\n", "\r", " ", "é", "\u{202E}", "'", "="]
    for _ in 0..<200 {
      let texts = (0..<6).map { index in
        "\(index)" + String((0..<5).map { _ in alphabet[random(below: alphabet.count)] })
      }
      func field(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }
      let lines = stride(from: 0, to: 6, by: 2).map {
        "\(field(texts[$0])),\(field(texts[$0 + 1]))"
      }
      let pairs = try list(lines.joined(separator: "\r\n")).pairs
      #expect(pairs.flatMap { [$0.node, $0.owner] } == texts)
    }
  }

  @Test func aListGivesItemsTheirOwnersAndTheNextOneReplacesIt() async throws {
    let desk = try await Desk(.sample("a", .hold), .sample("b", .hold), .sample("c", .reject))
    let first = try await desk.store.replaceOwners(
      list("a,Acme\nb,Acme\nz,Zed"), profile: "wireless", by: desk.lead, now: noon)
    #expect(first == OwnerReport(nodes: 3, items: 2))
    #expect(try await owners(desk) == ["a": "Acme", "b": "Acme"])
    // Another profile's list is another list.
    _ = try await desk.store.replaceOwners(
      list("c,Other"), profile: "storage", by: desk.lead, now: noon)
    #expect(try await owners(desk) == ["a": "Acme", "b": "Acme"])
    let second = try await desk.store.replaceOwners(
      list("b,Bee\nc,Acme"), profile: "wireless", by: desk.lead, now: noon)
    #expect(second == OwnerReport(nodes: 2, items: 2))
    #expect(try await owners(desk) == ["b": "Bee", "c": "Acme"])
    let trail = try await desk.store.auditTrail(
      subject: "owners:wireless", before: nil, limit: 10)
    #expect(trail.map(\.action) == ["owners.replaced", "owners.replaced"])
    #expect(trail.first?.detail.contains("\"before\":3") == true)
    _ = try await desk.store.verifyAudit()
  }

  @Test func laterBundlesFollowTheList() async throws {
    let desk = try await Desk()
    _ = try await desk.store.replaceOwners(
      list("a,Acme"), profile: "wireless", by: .console, now: noon)
    try await desk.add(.night([.sample("a", .hold), .sample("b", .hold)]))
    #expect(try await owners(desk) == ["a": "Acme"])
  }

  @Test func theQueueIsFilteredByOwnerAndCountsThem() async throws {
    let desk = try await Desk(
      .sample("a", .hold), .sample("b", .reject), .sample("c", .hold), .sample("d", .hold))
    _ = try await desk.store.replaceOwners(
      list("a,O'; DROP TABLE item; --\nb,O'; DROP TABLE item; --\nc,\u{202E}c"),
      profile: "wireless", by: .console, now: noon)
    let filter = QueueFilter(owner: "O'; DROP TABLE item; --")
    let rows = try await desk.store.queue(filter, limit: 10, now: noon)
    #expect(Set(rows.map(\.node)) == ["a", "b"])
    #expect(try await desk.store.counts(filter, now: noon).total == 2)
    let facets = try await desk.store.facets()
    #expect(facets.owners.map(\.count) == [2, 1] && facets.owners.last?.value == "\u{202E}c")
    let held = try await desk.store.facets(QueueFilter(reason: "UNUSUAL", verdict: .hold))
    #expect(held.owners.map(\.count) == [1, 1])
    #expect(try await desk.store.facets(filter).owners.map(\.count) == [2])
    let both = QueueFilter(reason: "UNUSUAL", owner: filter.owner, state: .open)
    #expect(try await desk.store.queue(both, limit: 10, now: noon).count == 2)
    #expect(try await desk.store.takeNext(both, by: desk.ada, now: noon) != nil)
  }

  @Test func onlyLeadsReplaceLists() async throws {
    let desk = try await Desk()
    let refused = await refusal {
      try await desk.store.replaceOwners(
        list("a,b"), profile: "wireless", by: desk.ada, now: noon)
    }
    #expect(refused == .notAllowed(.analyst))
  }

  @Test func savedViewsOfBeforeHaveNoOwner() throws {
    let filter = try JSONDecoder().decode(
      QueueFilter.self, from: Data(#"{"profile":"wireless","appealsOnly":false}"#.utf8))
    #expect(filter == QueueFilter(profile: "wireless"))
  }
}
