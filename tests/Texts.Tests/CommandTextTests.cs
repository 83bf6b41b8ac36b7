namespace HostAgent.Texts.Tests;

public class CommandTextTests
{
    private const string Id = "6f1d2c3b-0000-4000-8000-000000000001";

    [Theory]
    [InlineData("web-01", "web-01")]
    [InlineData("sql_2.prod", "sql_2.prod")]
    [InlineData("SQL Server 01", Id)]
    [InlineData("$(reboot)", Id)]
    [InlineData("a;b", Id)]
    [InlineData("it's", Id)]
    [InlineData("--all", Id)]
    [InlineData("größe", Id)]
    [InlineData("", Id)]
    public void Machine_is_one_word_in_every_shell(string name, string typed) => CommandText.Machine(name, Id).ShouldBe(typed);
}
