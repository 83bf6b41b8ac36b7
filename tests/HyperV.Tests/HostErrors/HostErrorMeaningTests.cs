namespace HostAgent.HyperV.Tests.HostErrors;

public sealed class HostErrorMeaningTests
{
    [Theory]
    [InlineData(0x00002EE7u, "NAME_NOT_RESOLVED")]
    [InlineData(0x00002EF1u, "OPERATION_CANCELLED")]
    [InlineData(0x00002EFDu, "CANNOT_CONNECT")]
    [InlineData(0x00002EFEu, "CONNECTION_ABORTED")]
    [InlineData(0x80004004u, "ABORTED")]
    [InlineData(0x80004005u, "UNSPECIFIED")]
    [InlineData(0x80070002u, "FILE_NOT_FOUND")]
    [InlineData(0x80070005u, "ACCESS_DENIED")]
    [InlineData(0x80070057u, "INVALID_PARAMETER")]
    [InlineData(0x8007052Eu, "LOGON_FAILURE")]
    [InlineData(0x80072AF9u, "HOST_NOT_FOUND")]
    public void Every_published_code_has_its_name_cause_and_remedy(uint code, string name)
    {
        var meaning = HostErrorMeaning.Of(code).ShouldNotBeNull();
        meaning.Name.ShouldBe(name);
        meaning.Cause.ShouldEndWith(".");
        meaning.Remedy.ShouldEndWith(".");
    }

    [Fact]
    public void The_table_holds_eleven_codes_in_order()
    {
        HostErrorMeaning.All.Count.ShouldBe(11);
        HostErrorMeaning.All.Select(meaning => meaning.Code).ShouldBeInOrder();
    }

    [Fact]
    public void Codes_are_found_in_a_hosts_message_whatever_its_language()
        => HostErrorMeaning.In("Fehler beim Replizieren: Verbindung nicht möglich (0x00002efd, 0x80004005). (ID des virtuellen Computers 8F14E45F-CEEA-467F-A0E6-0B1C6A3F9A10) (0x00002EFD)")
            .Select(meaning => meaning.Name).ShouldBe(["CANNOT_CONNECT", "UNSPECIFIED"]);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no code at all")]
    [InlineData("another code 0x12345678")]
    [InlineData("too long 0x00002EFD0 and too short 0x2EFD")]
    public void A_message_without_a_known_code_has_no_meaning(string? message) => HostErrorMeaning.In(message).ShouldBeEmpty();
}
