namespace HostAgent.Documents.Tests.Bugs;

public class KeyAskedForTwiceTests
{
    [Fact]
    public void A_key_that_a_reader_asks_for_twice_is_allowed_once()
    {
        var result = DocumentReader.Read("wrong: 1", "t", root =>
        {
            root.Optional("gate");
            root.Optional("gate");
            return "read";
        });

        result.Errors.ShouldHaveSingleItem().Allowed.ShouldBe("gate");
    }
}
