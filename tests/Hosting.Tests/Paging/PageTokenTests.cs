using HostAgent.Hosting.Paging;

namespace HostAgent.Hosting.Tests.Paging;

public sealed class PageTokenTests
{
    [Fact]
    public void A_token_is_read_under_its_own_filter_only()
    {
        var token = PageToken.Write("a"u8, "place 7");

        PageToken.Read(token, "a"u8).ShouldBe("place 7");
        PageToken.Read(token, "b"u8).ShouldBeNull();
    }

    [Theory]
    [InlineData("!")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAA")]
    public void What_no_list_has_given_is_no_token(string token) => PageToken.Read(token, "a"u8).ShouldBeNull();
}
