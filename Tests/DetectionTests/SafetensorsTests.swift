import Testing

@testable import Detection

struct SafetensorsTests {
  @Test(arguments: [
    #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,9223372036854775807]}}"#,
    #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[-8,0]}}"#,
    #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[8,0]}}"#,
    #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0]}}"#,
    #"{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F64","shape":[9223372036854775807,4],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#,
    #"{"a":1}"#, "[]", "", "{",
  ])
  func `a header that lies is refused`(header: String) {
    var bytes = [UInt8](repeating: 0, count: 8)
    bytes[0] = UInt8(header.utf8.count)
    bytes += Array(header.utf8) + [UInt8](repeating: 0, count: 8)
    #expect(throws: DetectionError.self) { try Safetensors(bytes: bytes) }
    #expect(throws: DetectionError.self) {
      try Safetensors(bytes: [UInt8](repeating: 255, count: 64))
    }
  }

  @Test func `the container is laid out as its format says`() throws {
    var file = Safetensors()
    file.set("b", [1.5, -2])
    file.set("a", [7])
    file.set("n", texts: ["x"])
    let bytes = file.bytes
    let header =
      #"{"__metadata__":{"n":"[\"x\"]"},"a":{"data_offsets":[0,8],"dtype":"I64","shape":[1]},"#
      + #""b":{"data_offsets":[8,24],"dtype":"F64","shape":[2]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    #expect(String(decoding: bytes[8..<(8 + padded.utf8.count)], as: UTF8.self) == padded)
    #expect(bytes[0] == UInt8(padded.utf8.count) && bytes[1..<8].allSatisfy { $0 == 0 })
    #expect(
      Array(bytes.suffix(24)) == [7] + Array(repeating: 0, count: 13) + [0xF8, 0x3F]
        + Array(repeating: 0, count: 7) + [0xC0])
    #expect(try Safetensors(bytes: bytes) == file)
  }
}
