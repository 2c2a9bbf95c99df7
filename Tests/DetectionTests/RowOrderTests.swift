import Testing

@testable import Detection

struct RowOrderTests {
  @Test func `every row comes once`() throws {
    let table = try motleyTable(97, seed: 1)
    #expect(RowOrder.shuffled(Array(0..<97), of: table).sorted() == Array(0..<97))
    #expect(Set(RowOrder.shuffled([5, 60, 7], of: table)) == [5, 7, 60])
    #expect(RowOrder.shuffled([], of: table) == [])
  }

  @Test func `however the rows come, their contents have one order`() throws {
    var generator = SplitMix64(seed: 2)
    // Rows of few values: many are equal, some lack a value, zeros have either sign.
    let rows = (0..<120).map { row in
      [
        Double(Int.random(in: -1...1, using: &generator)) * (row % 2 == 0 ? 1 : -1),
        row % 7 == 0 ? .nan : Double(Int.random(in: 0...4, using: &generator)),
      ]
    }
    let table = try featureTable(rows)
    let expected = RowOrder.shuffled(Array(0..<120), of: table).map { table.contents($0) }
    #expect(Set(expected).count < 40)
    for _ in 0..<10 {
      let permuted = try table.taking(Array(0..<120).shuffled(using: &generator))
      let found = RowOrder.shuffled(Array(0..<120), of: permuted).map { permuted.contents($0) }
      #expect(found == expected)
    }
  }

  /// Parts of a quarter of the rows hold a quarter of any run of rows: mean 25, deviation 3.75.
  @Test func `the order has nothing to do with the values`() throws {
    let table = try featureTable((0..<400).map { [Double($0), 5] })
    let order = RowOrder.shuffled(Array(0..<400), of: table)
    for part in 0..<4 {
      for run in 0..<4 {
        let inside = order[(part * 100)..<(part * 100 + 100)].count {
          ((run * 100)..<(run * 100 + 100)).contains($0)
        }
        #expect((12...38).contains(inside))
      }
    }
  }

  @Test func `equal rows are spread among the others`() throws {
    let table = try featureTable((0..<400).map { [$0 < 200 ? 1 : Double($0)] })
    let order = RowOrder.shuffled(Array(0..<400), of: table)
    for part in 0..<8 {
      #expect((12...38).contains(order[(part * 50)..<(part * 50 + 50)].count { $0 < 200 }))
    }
  }

  @Test func `a row's key does not depend on which others are shuffled`() throws {
    let table = try motleyTable(80, seed: 3)
    let all = RowOrder.shuffled(Array(0..<80), of: table)
    let even = RowOrder.shuffled((0..<80).filter { $0 % 2 == 0 }, of: table)
    #expect(even == all.filter { $0 % 2 == 0 })
  }
}
