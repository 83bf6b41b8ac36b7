using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Tests.Connection;

public sealed class ConnectionTests(FakeCoordinator coordinator) : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly CommandLine _failback = new(coordinator);

    public void Dispose() => _failback.Dispose();

    [Fact]
    public async Task Nothing_given_names_everything_that_is_missing_and_the_three_ways_on_one_line()
    {
        _failback.Environment.Clear();

        (await _failback.RunAsync("campaign", "list")).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines.Count.ShouldBe(1);
        foreach (var word in (string[])
            ["the coordinator's address", "the operator's private key", "--coordinator", "--authority", "FAILBACK_COORDINATOR", "FAILBACK_PRIVATE_KEY", "\"private_key\"", Path.Combine(_failback.Home, "failback", "context.json")])
        {
            _failback.ErrorLines[0].ShouldContain(word);
        }
    }

    [Fact]
    public async Task Only_what_is_missing_is_named()
    {
        _failback.Environment.Remove("FAILBACK_AUTHORITY");

        (await _failback.RunAsync("campaign", "list")).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines[0].ShouldStartWith("Missing: the authority's certificate. Set --authority, ");
    }

    [Fact]
    public async Task Options_go_before_variables()
    {
        coordinator.Campaigns.On<ListCampaignsRequest, ListCampaignsResponse>(_ => new ListCampaignsResponse());
        _failback.Environment["FAILBACK_COORDINATOR"] = "https://127.0.0.1:1";

        (await _failback.RunAsync("campaign", "list", "--coordinator", coordinator.Address)).ShouldBe(ExitCode.Success);
    }

    [Fact]
    public async Task The_coordinators_name_is_pinned_when_it_is_given()
    {
        coordinator.Campaigns.On<ListCampaignsRequest, ListCampaignsResponse>(_ => new ListCampaignsResponse());

        (await _failback.RunAsync("campaign", "list", "--coordinator-name", "coordinator")).ShouldBe(ExitCode.Success, _failback.Error);
        (await _failback.RunAsync("campaign", "list", "--coordinator-name", "other")).ShouldBe(ExitCode.Unreachable);
        _failback.ErrorLines[^1].ShouldEndWith("it is failback://coordinator/coordinator, expected name 'other'");
        (await _failback.RunAsync("campaign", "list", "--coordinator-name", "no name")).ShouldBe(ExitCode.Invalid);
        _failback.ErrorLines[^1].ShouldStartWith("--coordinator-name: \"no name\" is not a coordinator's name");
    }

    [Fact]
    public async Task Whether_tls_1_2_is_spoken_is_true_or_false()
    {
        (await _failback.RunAsync("campaign", "list", "--allow-tls12", "perhaps")).ShouldBe(ExitCode.Invalid);
        _failback.ErrorLines.ShouldHaveSingleItem().ShouldBe("--allow-tls12: \"perhaps\" must be true or false.");
    }

    [Fact]
    public async Task The_context_file_is_enough_and_its_paths_are_relative_to_it()
    {
        coordinator.Campaigns.On<ListCampaignsRequest, ListCampaignsResponse>(_ => new ListCampaignsResponse());
        _failback.Environment.Clear();
        var folder = Directory.CreateDirectory(Path.Combine(_failback.Home, "failback")).FullName;
        File.Copy(coordinator.Operator.PrivateKeyPath!, Path.Combine(folder, "key.pem"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "context.json"),
            $$"""{"coordinator": "{{coordinator.Address}}", "certificate": "{{coordinator.Operator.CertificatePath}}", "private_key": "key.pem", "authority": "{{coordinator.Operator.AuthorityPath}}"}""");

        (await _failback.RunAsync("campaign", "list")).ShouldBe(ExitCode.Success, _failback.Error);
    }

    [Theory]
    [InlineData("{\n  \"coordinator\": oops\n}", "context.json:2: the context file is not valid JSON.")]
    [InlineData("[]", "the context file must hold one JSON object, not Array.")]
    [InlineData("{\"adress\": \"x\"}", "\"adress\" is not a setting; expected one of coordinator, certificate, private_key, authority, coordinator_name, allow_tls12, contexts, current.")]
    [InlineData("{\"coordinator\": 7}", "coordinator must be a string, not Number.")]
    public async Task A_wrong_context_file_is_named_with_its_error(string text, string expected)
    {
        var file = Path.Combine(_failback.Home, "context.json");
        await File.WriteAllTextAsync(file, text);
        _failback.Environment["FAILBACK_CONTEXT"] = file;

        (await _failback.RunAsync("campaign", "list")).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldStartWith(file);
        _failback.ErrorLines[0].ShouldEndWith(expected);
    }

    [Fact]
    public async Task A_named_context_file_that_is_missing_is_an_error()
    {
        _failback.Environment["FAILBACK_CONTEXT"] = "/nowhere/context.json";

        (await _failback.RunAsync("campaign", "list")).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldBe("FAILBACK_CONTEXT: the context file \"/nowhere/context.json\" does not exist.");
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000")]
    [InlineData("127.0.0.1:9000")]
    [InlineData("https://host/path")]
    public async Task A_wrong_address_is_named_with_its_source(string address)
    {
        _failback.Environment["FAILBACK_COORDINATOR"] = address;

        (await _failback.RunAsync("campaign", "list")).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"FAILBACK_COORDINATOR: \"{address}\" is not a coordinator's address");
    }

    [Theory]
    [InlineData("https://127.0.0.1:9000,", "FAILBACK_COORDINATOR: \"\" is not a coordinator's address")]
    [InlineData("https://127.0.0.1:9000, http://127.0.0.1:9001", "FAILBACK_COORDINATOR: \"http://127.0.0.1:9001\" is not a coordinator's address")]
    [InlineData("https://a:1,https://a:2,https://a:3,https://a:4,https://a:5,https://a:6,https://a:7,https://a:8,https://a:9", "FAILBACK_COORDINATOR has 9 addresses; at most 8 are allowed")]
    public async Task A_wrong_one_of_several_addresses_is_named(string addresses, string expected)
    {
        _failback.Environment["FAILBACK_COORDINATOR"] = addresses;

        (await _failback.RunAsync("campaign", "list")).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldStartWith(expected);
    }

    [Fact]
    public async Task A_missing_certificate_file_is_named_with_its_source()
    {
        (await _failback.RunAsync("campaign", "list", "--certificate", "nowhere.pem")).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldBe("--certificate: the file \"nowhere.pem\" (the operator's certificate) does not exist.");
    }

    [Fact]
    public async Task A_key_that_is_no_key_is_one_clear_error()
    {
        (await _failback.RunAsync("campaign", "list", "--private-key", coordinator.Operator.AuthorityPath!)).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldContain(coordinator.Operator.AuthorityPath!);
    }

    [Fact]
    public async Task A_coordinator_that_is_down_is_one_clear_error()
    {
        (await _failback.RunAsync("campaign", "list", "--coordinator", "https://127.0.0.1:1")).ShouldBe(ExitCode.Unreachable);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldContain("https://127.0.0.1:1");
    }

    [Fact]
    public async Task A_coordinator_of_another_authority_is_one_clear_error()
    {
        _failback.Identify(coordinator.Stranger);

        (await _failback.RunAsync("campaign", "list")).ShouldBe(ExitCode.Unreachable);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldContain(coordinator.Address);
        _failback.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_one_clear_error()
    {
        _failback.Identify(coordinator.Stranger).Environment["FAILBACK_AUTHORITY"] = coordinator.Operator.AuthorityPath!;

        (await _failback.RunAsync("campaign", "list")).ShouldBeOneOf(ExitCode.Unreachable, ExitCode.Invalid);

        _failback.ErrorLines.Count.ShouldBe(1, _failback.Error);
        _failback.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_viewer_that_changes_something_is_refused_in_one_sentence()
    {
        _failback.Identify(coordinator.Viewer);

        (await _failback.RunAsync("campaign", "pause", "x")).ShouldBe(ExitCode.Unreachable);

        _failback.ErrorLines.ShouldHaveSingleItem().ShouldContain("PauseCampaign");
        coordinator.Campaigns.Requests.ShouldBeEmpty();
    }
}
