import Foundation
import Testing

@testable import SwiftwaterSchemaRegistry

@Suite struct ProtobufFileTests {
    private func positions(_ text: String) -> [String: [Int32]] {
        ProtobufFile(text).messages.mapValues(\.positions)
    }

    @Test func `X-06 messages are counted in order, those within a message of their own`() throws {
        #expect(
            positions(try Messages.text()) == [
                "shop.v1.Customer": [0], "shop.v1.Customer.Address": [0, 0],
                "shop.v1.Order": [1], "shop.v1.Order.Line": [1, 0],
            ])
    }

    @Test func `X-06 comments, texts, options, enums and services are no messages`() {
        let text = #"""
            // message Comment {}
            /* message Block { */
            edition = "2023";
            package a.b;
            import "message.proto";
            option (note) = { text: "message Quoted {" inner { x: 1 } };
            enum message { ZERO = 0; }
            service S { rpc Call (In) returns (Out) { option (x) = { y: 'message Z {' }; } }
            message In {
              message_type message = 1 [(o) = { a: "}" }];
              enum Kind { A = 0; }
              oneof message { string a = 2; int32 b = 3; }
              reserved 4 to 9;
              extensions 100 to 199 [declaration = { number: 100 }];
            }
            extend In { optional int32 more = 100; }
            message Out { message Inner{message Innermost{}} }
            """#
        #expect(
            positions(text) == [
                "a.b.In": [0], "a.b.Out": [1], "a.b.Out.Inner": [1, 0], "a.b.Out.Inner.Innermost": [1, 0, 0],
            ])
    }

    @Test func `X-06 groups of proto2 are messages`() {
        let text = """
            message A {
              repeated group First = 1 { message Within {} }
              oneof choice { group Second = 2 { } }
              message Third {}
            }
            """
        #expect(
            positions(text) == [
                "A": [0], "A.First": [0, 0], "A.First.Within": [0, 0, 0], "A.Second": [0, 1], "A.Third": [0, 2],
            ])
    }

    @Test func `X-06 lists that count the entries of maps are read, where they mean nothing else`() {
        let file = ProtobufFile("message A { map<string, int32> items = 1; message B {} message C {} }")
        #expect(file.indexes(of: "A.B") == [MessageIndexes([0, 0])], "[0, 1] is C in the first way to count")
        #expect(file.indexes(of: "A.C") == [MessageIndexes([0, 1]), MessageIndexes([0, 2])])
        #expect(file.name(of: MessageIndexes([0, 1])) == "A.C")
        #expect(file.indexes(of: "A.D").isEmpty)
    }

    @Test func `X-06 no text does harm, cut short or changed anywhere`() throws {
        let text = Array(try Messages.text().utf8)
        for length in text.indices {
            _ = ProtobufFile(String(decoding: text.prefix(length), as: UTF8.self))
            for sign in "{};/*\"\\".utf8 {
                var changed = text
                changed[length] = sign
                _ = ProtobufFile(String(decoding: changed, as: UTF8.self))
            }
        }
        let deep = String(repeating: "message A {", count: 20_000)
        #expect(ProtobufFile(String(repeating: "}", count: 1_000) + "message A {}").messages.count == 1)
        #expect(ProtobufFile(String(repeating: "x {", count: 100_000)).messages.isEmpty)
        #expect(ProtobufFile(deep).messages.count == 100, "deeper ones are passed over")
    }
}
