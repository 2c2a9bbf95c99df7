import ExactMath
import Testing

@testable import Detection

struct PeerScalesTests {
  @Test func `a group of fifty is its own scale, a smaller one borrows the widest`() async throws {
    let names = (0..<160).map { $0 < 51 ? "large" : $0 < 100 ? "small" : "rest" }
    let table = try featureTable((0..<160).map { [Double($0)] }, groups: names.map { [$0, "all"] })
    let scales = await PeerScales(of: table, rows: Array(0..<160), tasks: 1)
    #expect(scales.scales.map(\.group) == ["all", "large", "rest"])
    let large = try #require(scales.scale(for: ["large", "all"]).columns[0])
    #expect(large.median == 25 && large.low == 2.5 && large.high == 47.5)
    #expect(abs(large.spread - 25 / 1.349) < 1e-12)
    #expect(scales.scale(for: ["small", "all"]).group == "all")
    #expect(scales.scale(for: ["unknown"]).group == "all")
    #expect(scales.scale(for: ["unknown", "rest", "large"]).group == "rest")
  }

  @Test func `a column that a group did not measure is judged by the widest`() async throws {
    let rows = (0..<120).map { [Double($0), $0 < 60 ? .nan : Double($0 % 7)] }
    let groups = (0..<120).map { [$0 < 60 ? "blind" : "seeing", "all"] }
    let scales = await PeerScales(
      of: try featureTable(rows, groups: groups), rows: Array(0..<120), tasks: 1)
    let all = scales.scale(for: ["all"])
    let blind = scales.scale(for: ["blind", "all"])
    #expect(blind.group == "blind" && blind.columns[0] != all.columns[0])
    #expect(blind.columns[1] == all.columns[1])
  }

  @Test func `only the rows given count`() async throws {
    let table = try featureTable((0..<100).map { [$0 < 50 ? Double($0) : 1e9] })
    let scales = await PeerScales(of: table, rows: Array(0..<50), tasks: 1)
    #expect(scales.scales[0].columns[0]?.knots == (0..<50).map { Double($0) })
    let few = await PeerScales(of: table, rows: [1, 2], tasks: 1)
    #expect(few.scales[0].columns == [nil])
  }

  @Test func `each row is placed by its own group, zero where nothing was measured`() async throws {
    let rows = (0..<200).map { row -> [Double] in
      [Double(row < 100 ? row : row + 5000), row == 7 ? .nan : 1]
    }
    let groups = (0..<200).map { [$0 < 100 ? "low" : "high", "all"] }
    let table = try featureTable(rows, groups: groups)
    let scales = await PeerScales(of: table, rows: Array(0..<200), tasks: 1)
    for geometry in Geometry.allCases {
      let lattice = try await scales.lattice(
        of: table, rows: [7, 107, 50], columns: [0, 1], in: geometry, tasks: 1)
      #expect(lattice.bits == Lattice.bits && lattice.rows == 3)
      #expect(lattice.values[0] == lattice.values[2] && lattice.values[0] < 0)
      #expect(lattice.values[1] == 0 && lattice.values[3] == 0)
    }
  }

  @Test func `any number of tasks gives the same scales and places`() async throws {
    let table = try motleyTable(2600, seed: 4)
    let rows = Array(0..<2600)
    let one = await PeerScales(of: table, rows: rows, tasks: 1)
    let places = try await one.lattice(
      of: table, rows: rows, columns: [0, 3, 1], in: .standardised, tasks: 1)
    for tasks in [2, 7] {
      #expect(await PeerScales(of: table, rows: rows, tasks: tasks) == one)
      let found = try await one.lattice(
        of: table, rows: rows, columns: [0, 3, 1], in: .standardised, tasks: tasks)
      #expect(found == places)
    }
  }
}
