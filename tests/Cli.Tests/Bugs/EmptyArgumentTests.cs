using HostAgent.Cli.Tests.Fakes;

namespace HostAgent.Cli.Tests.Bugs;

/// <summary>An empty name, which is what a variable gives that is not set, meant no filter: <c>vm status ""</c> showed the tests of all machines, and <c>campaign explain NAME ""</c> every item.</summary>
public sealed class EmptyArgumentTests(FakeCoordinator coordinator) : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly CommandLine _failback = new(coordinator);

    public void Dispose() => _failback.Dispose();

    [Theory]
    [InlineData("VM", "vm", "status", "")]
    [InlineData("ITEM", "campaign", "explain", "return-to-east", "")]
    [InlineData("CHANNEL", "notify", "dead", "")]
    [InlineData("ITEM", "campaign", "retry", "return-to-east", "m1", "", "--reason", "x")]
    public async Task Empty_name_is_refused_and_nothing_is_asked(string argument, params string[] command)
    {
        coordinator.Campaigns.Requests.Clear();

        (await _failback.RunAsync(command)).ShouldBe(ExitCode.Invalid);
        _failback.ErrorLines[0].ShouldBe($"{argument}: \"\" is not allowed; it must not be empty.");
        coordinator.Campaigns.Requests.ShouldBeEmpty();
    }
}
