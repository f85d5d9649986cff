import Swiftwater
import SwiftwaterTestKit
import Testing

struct AccountInEuros: Codable {
    var owner: String
    var euros: Int64
}

struct Account: Codable, Evolving {
    var owner: String
    var cents: Int64

    static func migrate(from previous: AccountInEuros) -> Account {
        Account(owner: previous.owner, cents: previous.euros * 100)
    }
}

extension Account: SerdeRepresentable {
    static let serde = SerdeVersions(.json(AccountInEuros.self))
        .next(.json(Account.self))
        .serde
}

@Suite struct SerdeExamples {
    @Test func `values that evolve`() throws {
        let builder = StreamsBuilder()
        builder.stream("accounts", key: .string, value: Account.serde)
            .mapValues { $0.cents }
            .to("cents", key: .string, value: .int64)
        let driver = try TopologyTestDriver(try builder.build())
        let old = SerdeVersions(.json(AccountInEuros.self)).serde
        try driver.inputTopic("accounts", key: .string, value: old).pipe("a", AccountInEuros(owner: "Ada", euros: 3))
        try driver.inputTopic("accounts", key: .string, value: Account.serde).pipe("b", Account(owner: "Bo", cents: 7))
        #expect(try driver.outputTopic("cents", key: .string, value: .int64).readValues() == [300, 7])
    }
}
