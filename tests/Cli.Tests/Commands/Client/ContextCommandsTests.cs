using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Tests.Commands.Client;

public sealed class ContextCommandsTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly FakeCoordinator _coordinator;
    private readonly CommandLine _failback;

    public ContextCommandsTests(FakeCoordinator coordinator)
    {
        _coordinator = coordinator;
        _failback = new CommandLine(coordinator);
        coordinator.Campaigns.On<ListCampaignsRequest, ListCampaignsResponse>(_ => new ListCampaignsResponse());
        coordinator.Campaigns.On<PauseCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign(CampaignState.Paused));
    }

    private string File => Path.Combine(_failback.Home, "failback", "context.json");

    public void Dispose() => _failback.Dispose();

    [Fact]
    public async Task A_saved_context_is_all_that_a_command_needs()
    {
        await AddAsync("lab");
        _failback.Environment.Clear();

        (await _failback.RunAsync("campaign", "list")).ShouldBe(ExitCode.Success, _failback.Error);
        (await _failback.RunAsync("context", "list", "-o", "json")).ShouldBe(ExitCode.Success);
        _failback.OutputLines[^1].ShouldContain($"\"name\":\"lab\",\"current\":true,\"coordinator\":\"{_coordinator.Address}\"");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.GetUnixFileMode(File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task The_first_is_current_until_another_is_chosen_or_named()
    {
        await AddAsync("lab");
        _failback.Environment["FAILBACK_COORDINATOR"] = "https://127.0.0.1:1";
        await AddAsync("gone");
        _failback.Environment.Clear();

        (await _failback.RunAsync("campaign", "list")).ShouldBe(ExitCode.Success, _failback.Error);
        (await _failback.RunAsync("campaign", "list", "--context", "gone")).ShouldBe(ExitCode.Unreachable);
        (await _failback.RunAsync("context", "use", "gone")).ShouldBe(ExitCode.Success);
        _failback.OutputLines[^1].ShouldBe("Commands go to context gone, https://127.0.0.1:1.");
        (await _failback.RunAsync("campaign", "list")).ShouldBe(ExitCode.Unreachable);
        (await _failback.RunAsync("context", "remove", "gone")).ShouldBe(ExitCode.Success);
        (await _failback.RunAsync("campaign", "list")).ShouldBe(ExitCode.Invalid, "none is current now");
    }

    [Fact]
    public async Task A_protected_context_is_read_as_any_and_changed_only_by_name()
    {
        await AddAsync("prod", "--protected");
        _failback.Environment.Clear();

        (await _failback.RunAsync("campaign", "list")).ShouldBe(ExitCode.Success, _failback.Error);
        (await _failback.RunAsync("campaign", "pause", "x")).ShouldBe(ExitCode.Invalid);
        _failback.ErrorLines[^1].ShouldBe($"The context \"prod\" ({new Uri(_coordinator.Address).Authority}) is protected: repeat the command with --context prod to change anything there.");
        _coordinator.Campaigns.Requests.ShouldNotContain(request => request is PauseCampaignRequest);

        (await _failback.RunAsync("campaign", "pause", "x", "--context", "prod")).ShouldBe(ExitCode.Success, _failback.Error);
        _coordinator.Campaigns.Requests.ShouldContain(request => request is PauseCampaignRequest);
    }

    [Fact]
    public async Task What_is_changed_by_a_current_context_says_where_and_what_is_read_does_not()
    {
        await AddAsync("lab");
        _failback.Environment.Clear();

        await _failback.RunAsync("campaign", "list");
        _failback.Error.ShouldBeEmpty();
        await _failback.RunAsync("campaign", "pause", "x");
        _failback.ErrorLines.ShouldHaveSingleItem().ShouldBe($"Context lab, {new Uri(_coordinator.Address).Authority}.");
        await _failback.RunAsync("campaign", "pause", "x", "--context", "lab");
        _failback.ErrorLines.Count.ShouldBe(1, "it was named");
    }

    [Fact]
    public async Task An_address_that_is_given_goes_before_the_context_and_is_not_protected_by_it()
    {
        await AddAsync("prod", "--protected");
        _failback.Environment.Clear();

        (await _failback.RunAsync("campaign", "pause", "x", "--coordinator", _coordinator.Address)).ShouldBe(ExitCode.Success, _failback.Error);
    }

    [Fact]
    public async Task Each_setting_is_shown_with_its_source()
    {
        await AddAsync("lab");
        _failback.Environment.Clear();
        _failback.Environment["FAILBACK_AUTHORITY"] = "other.pem";

        (await _failback.RunAsync("context", "show", "--coordinator-name", "one")).ShouldBe(ExitCode.Success);
        _failback.Output.ShouldContain("contexts.lab.certificate");
        _failback.OutputLines.ShouldContain(line => line.Contains("other.pem", StringComparison.Ordinal) && line.EndsWith("FAILBACK_AUTHORITY", StringComparison.Ordinal));
        _failback.OutputLines.ShouldContain(line => line.EndsWith("--coordinator-name", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"current\": \"lab\"}", "current is \"lab\", which is not in contexts; expected none, because the file has no contexts.")]
    [InlineData("{\"contexts\": []}", "contexts must be an object of named contexts, not Array.")]
    [InlineData("{\"contexts\": {\"a b\": {}}}", "contexts: \"a b\" is not a name of a context; expected 1 to 63 letters, digits, '-', '_' and '.'.")]
    [InlineData("{\"contexts\": {\"a\": {\"protected\": \"yes\"}}}", "contexts.a.protected must be true or false, not String.")]
    [InlineData("{\"contexts\": {\"a\": {\"port\": \"1\"}}}", "\"port\" is not a setting; expected one of coordinator, certificate, private_key, authority, coordinator_name, allow_tls12, protected.")]
    [InlineData("{\"contexts\": {\"a\": {}}, \"coordinator\": \"https://a:1\"}", "has coordinator beside contexts; a setting belongs to one of the contexts.")]
    public async Task A_wrong_file_is_named_with_its_error(string text, string expected)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, text);

        (await _failback.RunAsync("context", "list")).ShouldBe(ExitCode.Invalid);
        _failback.ErrorLines.ShouldHaveSingleItem().ShouldBe($"{File}: {expected}");
    }

    [Fact]
    public async Task An_unknown_context_is_answered_with_those_that_there_are()
    {
        await AddAsync("lab");

        (await _failback.RunAsync("campaign", "list", "--context", "lob")).ShouldBe(ExitCode.Invalid);
        _failback.ErrorLines.ShouldHaveSingleItem().ShouldBe($"{File}: there is no context \"lob\"; expected one of lab.");
    }

    [Fact]
    public async Task A_file_with_one_connection_without_a_name_is_not_overwritten()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, "{\"coordinator\": \"https://a:1\"}");

        (await _failback.RunAsync("context", "add", "lab")).ShouldBe(ExitCode.Invalid);
        _failback.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"{File} holds the settings of one connection without a name.");
        (await System.IO.File.ReadAllTextAsync(File)).ShouldBe("{\"coordinator\": \"https://a:1\"}");
    }

    private async Task AddAsync(string name, params string[] more)
        => (await _failback.RunAsync(["context", "add", name, .. more])).ShouldBe(ExitCode.Success, _failback.Error);
}
