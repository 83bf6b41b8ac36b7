using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Tests.Commands.Notify;

public sealed class NotifyCommandTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly FakeNotifications _notifications;
    private readonly CommandLine _failback;

    public NotifyCommandTests(FakeCoordinator coordinator)
    {
        _notifications = coordinator.Notifications;
        _notifications.Commanded.Clear();
        _notifications.Channels = new ListNotificationChannelsResponse();
        _notifications.Pages = [new()];
        _failback = new CommandLine(coordinator);
    }

    public void Dispose() => _failback.Dispose();

    [Fact]
    public async Task Channels_are_listed_with_how_they_are_doing_and_the_exit_code_tells_whether_all_is_well()
    {
        var ops = new NotificationChannel { Name = "notificationChannels/ops", Kind = "webhook", Target = "https://hooks.example", SuccessTime = new() { Seconds = 1_795_780_800 }, Waiting = 3 };
        _notifications.Channels = new ListNotificationChannelsResponse { Channels = { ops } };

        (await _failback.RunAsync("notify", "channels")).ShouldBe(ExitCode.Success);
        _failback.Output.ShouldContain("https://hooks.example");
        _failback.Output.ShouldContain("2026-11-27T12:00:00Z");

        ops.DeadLetters = 1;
        (await _failback.RunAsync("notify", "channels")).ShouldBe(ExitCode.Failed);
        (ops.DeadLetters, ops.Error) = (0, "The receiver answered 503.");
        (await _failback.RunAsync("notify", "channels", "-o", "json")).ShouldBe(ExitCode.Failed);
        _failback.Output.ShouldContain("\"The receiver answered 503.\"");
    }

    [Fact]
    public async Task Without_a_channel_it_is_said_that_nobody_is_told()
    {
        (await _failback.RunAsync("notify", "channels")).ShouldBe(ExitCode.Success);

        _failback.Error.ShouldContain("Nobody is told anything");
    }

    [Fact]
    public async Task Test_names_the_channel_and_its_failure_is_an_error()
    {
        _notifications.Channels = new ListNotificationChannelsResponse { Channels = { new NotificationChannel { Name = "notificationChannels/ops", Target = "https://hooks.example" } } };
        (await _failback.RunAsync("notify", "test", "ops")).ShouldBe(ExitCode.Success);
        _notifications.Commanded.OfType<TestNotificationChannelRequest>().ShouldHaveSingleItem().Name.ShouldBe("notificationChannels/ops");
        _failback.Output.ShouldContain("The test was delivered to ops, https://hooks.example");

        _notifications.Channels = new ListNotificationChannelsResponse();
        (await _failback.RunAsync("notify", "test", "notificationChannels/ops")).ShouldNotBe(ExitCode.Success);
        _failback.Error.ShouldContain("The receiver answered 503.");
    }

    [Fact]
    public async Task Dead_letters_of_all_channels_are_read_page_by_page()
    {
        _notifications.Pages =
        [
            new() { DeadLetters = { new DeadLetter { Channel = "notificationChannels/mail", Id = "a-1", Subject = "home: machine held (RUNNING)", Reason = "The mail server answered 550." } }, NextPageToken = "next" },
            new() { DeadLetters = { new DeadLetter { Channel = "notificationChannels/ops", Id = "b-2" } } },
        ];

        (await _failback.RunAsync("notify", "dead")).ShouldBe(ExitCode.Failed);

        _notifications.Commanded.OfType<ListDeadLettersRequest>().Select(request => (request.Parent, request.PageToken)).ShouldBe([("notificationChannels/-", ""), ("notificationChannels/-", "next")]);
        _failback.Output.ShouldContain("home: machine held (RUNNING)");
        _failback.Output.ShouldContain("b-2");

        _notifications.Pages = [new()];
        (await _failback.RunAsync("notify", "dead", "ops")).ShouldBe(ExitCode.Success);
        _notifications.Commanded.OfType<ListDeadLettersRequest>().Last().Parent.ShouldBe("notificationChannels/ops");
    }

    [Fact]
    public async Task Dead_letters_are_settled_by_their_ids_or_all_at_once()
    {
        (await _failback.RunAsync("notify", "replay", "ops", "a-1", "b-2")).ShouldBe(ExitCode.Success);
        _failback.Output.ShouldContain("2 dead letters of ops will be delivered again.");
        (await _failback.RunAsync("notify", "discard", "ops", "--all")).ShouldBe(ExitCode.Success);
        _failback.Output.ShouldContain("1 dead letter of ops discarded.");

        _notifications.Commanded.OfType<ReplayDeadLettersRequest>().ShouldHaveSingleItem().Ids.ShouldBe(["a-1", "b-2"]);
        _notifications.Commanded.OfType<DiscardDeadLettersRequest>().ShouldHaveSingleItem().Ids.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("notify replay ops")]
    [InlineData("notify discard ops a-1 --all")]
    public async Task All_is_never_what_was_not_said(string line)
    {
        (await _failback.RunAsync(line.Split(' '))).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines[0].ShouldContain("Name dead letters by their ids, or all with --all.");
        _notifications.Commanded.ShouldBeEmpty();
    }
}
