@testable import SwiftwaterBroker

/// The form of every request that the broker serves, written down apart from its decoders.
///
/// `i8 i16 i32 i64 b` are numbers, `s` and `S` a string and one that may be null, `y` and `B` bytes likewise; `[…]` is an array of
/// structures, `*` an array of single values, `?` an array that may be null. `@3+` and `@2-4` say in which versions a field stands.
enum RequestSchema {
    indirect enum Field {
        case value(String, ClosedRange<Int16>)
        case array([Field], isNullable: Bool, isStructure: Bool, ClosedRange<Int16>)

        var versions: ClosedRange<Int16> {
            switch self {
            case .value(_, let versions), .array(_, _, _, let versions): versions
            }
        }
    }

    static func fields(of key: APIKey) -> [Field] {
        var tokens = text(of: key).split(separator: " ").map(String.init)[...]
        return parse(&tokens)
    }

    private static func text(of key: APIKey) -> String {
        switch key {
        case .produce: "S@3+ i16 i32 [ s [ i32 B ] ]"
        case .fetch:
            """
            i32 i32 i32 i32@3+ i8@4+ i32@7+ i32@7+ [ s [ i32 i32@9+ i64 i32@12+ i64@5+ i32 ] ] [ s * i32 ]@7+ s@11+
            """
        case .listOffsets: "i32 i8@2+ [ s [ i32 i32@4+ i64 i32@0-0 ] ]"
        case .metadata: "? [ s ] b@4+ b@8+ b@8+"
        case .offsetCommit: "s i32@1+ s@1+ S@7+ i64@2-4 [ s [ i32 i64 i32@6+ i64@1-1 S ] ]"
        case .offsetFetch: "s [ s * i32 ]@0-1 ? [ s * i32 ]@2+ b@7+"
        case .findCoordinator: "s@0-3 i8@1+ * s @4+"
        case .joinGroup: "s i32 i32@1+ s S@5+ s [ s y ] S@8+"
        case .heartbeat: "s i32 s S@3+"
        case .leaveGroup: "s s@0-2 [ s S S@5+ ]@3+"
        case .syncGroup: "s i32 s S@3+ S@5+ S@5+ [ s y ]"
        case .describeGroups: "* s b@3+"
        case .listGroups: "* s @4+"
        case .saslHandshake: "s"
        case .apiVersions: "s@3+ s@3+"
        case .createTopics: "[ s i32 i16 [ i32 * i32 ] [ s S ] ] i32 b@1+"
        case .deleteTopics: "* s i32"
        case .deleteRecords: "[ s [ i32 i64 ] ] i32"
        case .initProducerID: "S i32 i64@3+ i16@3+"
        case .offsetForLeaderEpoch: "i32@3+ [ s [ i32 i32@2+ i32 ] ]"
        case .addPartitionsToTransaction: "s i64 i16 [ s * i32 ]"
        case .addOffsetsToTransaction: "s i64 i16 s"
        case .endTransaction: "s i64 i16 b"
        case .transactionOffsetCommit: "s s i64 i16 i32@3+ s@3+ S@3+ [ s [ i32 i64 i32@2+ S ] ]"
        case .describeConfigs: "[ i8 s ? * s ] b@1+ b@3+"
        case .alterConfigs: "[ i8 s [ s S ] ] b"
        case .createPartitions: "[ s i32 ? [ * i32 ] ] i32 b"
        case .deleteGroups: "* s"
        case .incrementalAlterConfigs: "[ i8 s [ s i8 S ] ] b"
        case .offsetDelete: "s [ s * i32 ]"
        case .describeCluster: "b i8@1+"
        }
    }

    private static func parse(_ tokens: inout ArraySlice<String>) -> [Field] {
        var fields: [Field] = []
        var isNullable = false
        while let token = tokens.popFirst() {
            if token.hasPrefix("]") {
                tokens = [token.dropFirst().description] + tokens
                return fields
            }
            switch token {
            case "?":
                isNullable = true
                continue
            case "[":
                let inner = parse(&tokens)
                fields.append(
                    .array(inner, isNullable: isNullable, isStructure: true, versions(tokens.popFirst() ?? "")))
            case "*":
                let type = tokens.popFirst() ?? ""
                let range = tokens.first?.hasPrefix("@") == true ? tokens.popFirst() ?? "" : ""
                fields.append(
                    .array([.value(type, versions(""))], isNullable: isNullable, isStructure: false, versions(range)))
            default:
                let type = token.prefix { $0 != "@" }
                fields.append(.value(String(type), versions(String(token.dropFirst(type.count)))))
            }
            isNullable = false
        }
        return fields
    }

    /// Of "@3+", "@2-4" or nothing.
    private static func versions(_ text: String) -> ClosedRange<Int16> {
        let numbers = text.dropFirst().split { $0 == "-" || $0 == "+" }.compactMap { Int16($0) }
        guard let first = numbers.first else { return 0...Int16.max }
        return first...(text.hasSuffix("+") ? Int16.max : numbers.last ?? first)
    }
}
