using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Fakes;

/// <summary>A service Notifications that shows what a test has told it to.</summary>
[AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
public sealed class FakeNotifications : Notifications.NotificationsBase
{
    /// <summary>The channels; a test of one answers with the first.</summary>
    public ListNotificationChannelsResponse Channels { get; set; } = new();

    /// <summary>The pages of dead letters, one for each call; the last is given again and again.</summary>
    public IReadOnlyList<ListDeadLettersResponse> Pages { get; set; } = [new()];

    public IReadOnlyList<AuditRecord> Audit { get; set; } = [];

    /// <summary>What was asked for.</summary>
    public List<object> Commanded { get; } = [];

    public override Task<ListNotificationChannelsResponse> ListNotificationChannels(ListNotificationChannelsRequest request, ServerCallContext context) => Take(request, Channels);

    public override Task<NotificationChannel> TestNotificationChannel(TestNotificationChannelRequest request, ServerCallContext context)
        => Take(request, Channels.Channels.FirstOrDefault() ?? throw new RpcException(new Status(StatusCode.Unavailable, "the test of notificationChannels/ops was not delivered: The receiver answered 503.")));

    public override Task<ListDeadLettersResponse> ListDeadLetters(ListDeadLettersRequest request, ServerCallContext context)
        => Take(request, Pages[Math.Min(Commanded.OfType<ListDeadLettersRequest>().Count(), Pages.Count - 1)]);

    public override Task<ReplayDeadLettersResponse> ReplayDeadLetters(ReplayDeadLettersRequest request, ServerCallContext context) => Take(request, new ReplayDeadLettersResponse { Count = 2 });

    public override Task<DiscardDeadLettersResponse> DiscardDeadLetters(DiscardDeadLettersRequest request, ServerCallContext context) => Take(request, new DiscardDeadLettersResponse { Count = 1 });

    public override async Task GetNotificationAudit(GetNotificationAuditRequest request, IServerStreamWriter<AuditRecord> responseStream, ServerCallContext context)
    {
        foreach (var record in Audit)
        {
            await responseStream.WriteAsync(record);
        }
    }

    private Task<T> Take<T>(object request, T answer)
    {
        Commanded.Add(request is ListDeadLettersRequest list ? list.Clone() : request);
        return Task.FromResult(answer);
    }
}
