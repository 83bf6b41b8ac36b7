using System.Text.Json;
using HostAgent.Cli.Tests.Fakes;

namespace HostAgent.Cli.Tests.Commands.Campaign;

public sealed class SchemaTests
{
    [Fact]
    public async Task The_schema_is_printed_without_any_coordinator()
    {
        using var failback = new CommandLine();

        (await failback.RunAsync("campaign", "schema")).ShouldBe(ExitCode.Success, failback.Error);

        using var schema = JsonDocument.Parse(failback.Output);
        schema.RootElement.GetProperty("title").GetString().ShouldBe("Failback campaign");
    }
}
