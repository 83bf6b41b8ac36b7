using System.CommandLine;
using Grpc.Core;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Texts;

namespace HostAgent.Cli.Commands.Notify;

internal static class NotifyCommands
{
    public static Command Create(CommandContext context)
    {
        var group = new Command("notify", "Show who is told what campaigns do, test it, and settle what could not be delivered.")
        {
            new NotifyChannelsCommand(context),
            new NotifyTestCommand(context),
            new NotifyDeadCommand(context),
            new NotifyReplayCommand(context),
            new NotifyDiscardCommand(context),
            new NotifyAuditCommand(context),
        };
        context.Connection.AddTo(group);
        return group;
    }

    /// <summary>The resource name of a channel.</summary>
    public static string NameOf(string channel) => channel.StartsWith("notificationChannels/", StringComparison.Ordinal) ? channel : $"notificationChannels/{channel}";

    public static Argument<string> Channel() => new("CHANNEL") { Description = "The channel: ops or notificationChannels/ops." };
}

/// <summary>failback notify channels.</summary>
internal sealed class NotifyChannelsCommand(CommandContext context)
    : CoordinatorCommand("channels", "List the channels: where they lead, whether they have delivered, what waits and what is dead. Exit code 1 when there are dead letters, or when the newest attempt of a channel failed.", context)
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var all = await coordinator.Notifications.ListNotificationChannelsAsync(new ListNotificationChannelsRequest(), coordinator.Deadline(cancellationToken));
        if (all.Channels.Count == 0)
        {
            Results(parsed).Remark("Nobody is told anything: the coordinator's settings have no channel.");
        }

        Results(parsed).Write(all, environment => NotificationText.WriteChannels(environment, all.Channels));
        return all.Channels.Any(channel => channel.DeadLetters > 0 || channel.Error.Length > 0) ? ExitCode.Failed : ExitCode.Success;
    }
}

/// <summary>failback notify test.</summary>
internal sealed class NotifyTestCommand : CoordinatorCommand
{
    private readonly Argument<string> _channel = NotifyCommands.Channel();

    public NotifyTestCommand(CommandContext context)
        : base("test", "Send a test to a channel, past what waits. One that is delivered proves the channel.", context)
        => Add(_channel);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var after = await coordinator.Notifications.TestNotificationChannelAsync(
            new TestNotificationChannelRequest { Name = NotifyCommands.NameOf(parsed.GetRequiredValue(_channel)) }, coordinator.Deadline(cancellationToken));
        Results(parsed).Write(after, VisibleText.Line($"The test was delivered to {ResourceName.Id(after.Name)}, {after.Target}, {Quantity.Instant(after.SuccessTime)}."));
        return ExitCode.Success;
    }
}

/// <summary>failback notify dead.</summary>
internal sealed class NotifyDeadCommand : CoordinatorCommand
{
    private readonly Argument<string> _channel = new("CHANNEL") { Description = "Only those of this channel.", Arity = ArgumentArity.ZeroOrOne };

    public NotifyDeadCommand(CommandContext context)
        : base("dead", "List the messages that could not be delivered and are no longer tried, oldest first. Exit code 1 when there are any.", context)
        => Add(_channel);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var request = new ListDeadLettersRequest { Parent = NotifyCommands.NameOf(parsed.GetValue(_channel) ?? "-"), PageSize = 1000 };
        var all = new ListDeadLettersResponse();
        await Pages.ReadAllAsync(async token =>
        {
            request.PageToken = token;
            var page = await coordinator.Notifications.ListDeadLettersAsync(request, coordinator.Deadline(cancellationToken));
            all.DeadLetters.AddRange(page.DeadLetters);
            return page.NextPageToken;
        });
        Results(parsed).Write(all, environment => NotificationText.WriteDead(environment, all.DeadLetters));
        return all.DeadLetters.Count > 0 ? ExitCode.Failed : ExitCode.Success;
    }
}

/// <summary>A command that settles dead letters.</summary>
internal abstract class NotifySettleCommand : CoordinatorCommand
{
    private readonly Argument<string> _channel = NotifyCommands.Channel();
    private readonly Argument<string[]> _ids = new("ID") { Description = "The dead letters, as \"failback notify dead\" lists them.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _all = new("--all") { Description = "All dead letters of the channel." };

    protected NotifySettleCommand(string name, string description, CommandContext context)
        : base(name, description, context)
    {
        Add(_channel);
        Add(_ids);
        Add(_all);
        Validators.Add(result =>
        {
            if ((result.GetValue(_ids) is { Length: > 0 }) == result.GetValue(_all))
            {
                result.AddError("Name dead letters by their ids, or all with --all.");
            }
        });
    }

    protected string Channel(ParseResult parsed) => NotifyCommands.NameOf(parsed.GetRequiredValue(_channel));

    protected IReadOnlyList<string> Ids(ParseResult parsed) => parsed.GetValue(_ids) ?? [];

    protected static string Counted(int count) => count == 1 ? "1 dead letter" : $"{count} dead letters";
}

/// <summary>failback notify replay.</summary>
internal sealed class NotifyReplayCommand(CommandContext context) : NotifySettleCommand("replay", "Have dead letters delivered again, under the ids that they had.", context)
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var answer = await coordinator.Notifications.ReplayDeadLettersAsync(new ReplayDeadLettersRequest { Parent = Channel(parsed), Ids = { Ids(parsed) } }, coordinator.Deadline(cancellationToken));
        Results(parsed).Write(answer, VisibleText.Line($"{Counted(answer.Count)} of {ResourceName.Id(Channel(parsed))} will be delivered again."));
        return ExitCode.Success;
    }
}

/// <summary>failback notify discard.</summary>
internal sealed class NotifyDiscardCommand(CommandContext context) : NotifySettleCommand("discard", "Forget dead letters. They cannot be read again.", context)
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var answer = await coordinator.Notifications.DiscardDeadLettersAsync(new DiscardDeadLettersRequest { Parent = Channel(parsed), Ids = { Ids(parsed) } }, coordinator.Deadline(cancellationToken));
        Results(parsed).Write(answer, VisibleText.Line($"{Counted(answer.Count)} of {ResourceName.Id(Channel(parsed))} discarded."));
        return ExitCode.Success;
    }
}

/// <summary>failback notify audit.</summary>
internal sealed class NotifyAuditCommand(CommandContext context) : CoordinatorCommand("audit", "Show who has tested channels and settled dead letters.", context)
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        using var call = coordinator.Notifications.GetNotificationAudit(new GetNotificationAuditRequest(), coordinator.Deadline(cancellationToken));
        await foreach (var record in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            Results(parsed).Write(record, VisibleText.Line($"{record.Sequence,4}  {Quantity.Instant(record.Time)}  {record.Actor}  {record.Action}  {record.Target}  {record.Result}  {record.Details}"));
        }

        return ExitCode.Success;
    }
}
