import Foundation
import Testing

@testable import Ingestion

/// Comma separated text that holds a table.
@Suite struct TableTextTests {
  private let missing = Double.nan

  @Test func theFirstRowNamesTheColumns() throws {
    let result = try table("a,b\n1,2\n3,4\n")
    #expect(result == NumericTable(columns: ["a", "b"], rows: 2, values: [1, 2, 3, 4]))
  }

  @Test func aFirstRowOfNumbersIsNoHeader() throws {
    #expect(
      try table("1,2\n3,4") == NumericTable(columns: ["x0", "x1"], rows: 2, values: [1, 2, 3, 4]))
    #expect(try table("1,,NA,true,\"5\"\n").columns == ["x0", "x1", "x2", "x3", "x4"])
    #expect(try table(",\n1,2\n") == table("x0,x1\n,\n1,2\n"))
    #expect(try table("7").values == [7])
  }

  @Test func oneWordMakesTheFirstRowAHeader() throws {
    let result = try table("1,b,NA\n1,2,3\n")
    #expect(result.columns == ["1", "b", "NA"] && result.rows == 1)
  }

  @Test func missingValuesAreNaN() throws {
    let words = [
      "", "NaN", "nan", "NA", "na", "N/A", "n/a", "null", "NULL", "?", "  ", " nA\t", "\"\"",
    ]
    for word in words {
      let result = try table("a,b\n\(word),1\n2,\(word)\n")
      #expect(
        result == NumericTable(columns: ["a", "b"], rows: 2, values: [missing, 1, 2, missing]))
    }
  }

  @Test func truthValuesAreOneAndZero() throws {
    #expect(try table("a,b\ntrue,False\nTRUE,false\n").values == [1, 0, 1, 0])
  }

  @Test func spacesAroundFieldsAndNamesDoNotCount() throws {
    let result = try table(" a ,\tb\n 1\t, 2 \n\t-3e1 ,\" 4 \"\n")
    #expect(result == NumericTable(columns: ["a", "b"], rows: 2, values: [1, 2, -30, 4]))
  }

  @Test func linesMayEndInCarriageReturns() throws {
    let text = "a,\"b\"\n1,\"2\"\n,?\n3,4"
    #expect(try table(text.replacing("\n", with: "\r\n")) == table(text))
    #expect(try table("a,b\r\n1,2\r") == table("a,b\n1,2"))
    #expect(try table("a,b\r\n1,\"2\"\r") == table("a,b\n1,2"))
  }

  @Test func aByteOrderMarkIsPassedOver() throws {
    #expect(try table("\u{FEFF}a,b\n1,2\n").columns == ["a", "b"])
    #expect(try table("\u{FEFF}\"a\"\n1\n").columns == ["a"])
    #expect(try table("\u{FEFF}1,2\n").values == [1, 2])
  }

  @Test func blankLinesAtBothEndsAreIgnored() throws {
    let expected = try table("a,b\n1,2\n")
    #expect(try table("a,b\n1,2\n\n \n\r\n\t\n\n") == expected)
    #expect(try table("\n \r\n\na,b\n1,2") == expected)
  }

  @Test func aBlankLineWithinOneColumnIsAMissingValue() throws {
    let result = try table("a\n1\n\n \n2\n\n")
    #expect(result == NumericTable(columns: ["a"], rows: 4, values: [1, missing, missing, 2]))
  }

  @Test func quotesProtectCommasNewlinesAndQuotes() throws {
    let text = "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\n\"1\",\"2\",\"3\"\n"
    let result = try table(text)
    #expect(result.columns == ["a,b", "say \"x\"", "two\nlines"] && result.values == [1, 2, 3])
    #expect(try table("\"\"\"\"\"a\"\"\"\"b\"\n1\n").columns == ["\"\"a\"\"b"])
  }

  @Test func namesAreUTF8() throws {
    #expect(try table("größe,重さ\n1,2\n").columns == ["größe", "重さ"])
  }

  @Test func ignoredColumnsMayHoldAnything() throws {
    var text = Array("id,a,note,b\n\"x\ny\",1,2\" pipe,2\n".utf8)
    text += [0xFF, 0x00] + Array(",3,inf,4\n,5,\"\"\"\",6\n1e999,7,a\rb,8\n".utf8)
    let result = try table(text, ignoring: ["id", "note"])
    #expect(
      result == NumericTable(columns: ["a", "b"], rows: 4, values: [1, 2, 3, 4, 5, 6, 7, 8]))
  }

  @Test func columnsWithoutNamesCanBeIgnored() throws {
    let result = try table("1,2\n3,x\n", ignoring: ["x1"])
    #expect(result == NumericTable(columns: ["x0"], rows: 2, values: [1, 3]))
  }

  @Test func packedFilesAreUnpacked() throws {
    let text = "a,b\n1,2\n" + (0..<5000).map { "\($0),\(-$0)\n" }.joined()
    let expected = try table(text)
    #expect(try table(gzip(text), name: "t.csv.gz") == expected)
    #expect(try table(zstandard(text), name: "t.csv.zst") == expected)
    #expect(try table(gzip("a,b\n1,2\n") + gzip(text.dropFirst(8).description)) == expected)
    #expect(try table(gzip(text), name: "misnamed.csv") == expected)
  }

  @Test func theFormatIsToldByTheNameOrTheFirstByte() throws {
    #expect(try table("a\n1\n", name: "table").columns == ["a"])
    #expect(try table(" \n {\"a\":1}\n", name: "table").columns == ["a"])
    #expect(try table("\u{FEFF}{\"a\":1}\n", name: "table.txt").columns == ["a"])
    #expect(try table("{a\n1\n", name: "Table.CSV").columns == ["{a"])
    #expect(problem("a\n1\n", name: "t.jsonl")?.line == 1)
  }

  @Test func aColumnCanBeTakenOut() throws {
    let whole = try table("a,label,b\n1,0,2\n3,1,\n")
    let parts = try #require(whole.removing("label"))
    #expect(
      parts.table == NumericTable(columns: ["a", "b"], rows: 2, values: [1, 2, 3, missing]))
    #expect(parts.column == [0, 1])
    #expect(whole.removing("Label") == nil)
    let last = try #require(table("a\n1\n2\n").removing("a"))
    #expect(last.table == NumericTable(columns: [], rows: 2, values: []) && last.column == [1, 2])
  }

  @Test func tablesAreEqualWhereBothMissAValue() throws {
    let text = "a,b\n1,\n"
    #expect(try table(text) == table(text))
    #expect(try table(text) != table("a,b\n1,0\n"))
    #expect(try table(text) != table("a,c\n1,\n"))
  }
}
