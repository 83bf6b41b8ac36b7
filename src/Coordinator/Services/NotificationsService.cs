using System.Globalization;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Notifications;
using HostAgent.Coordinator.Notifications.Delivery;
using HostAgent.Coordinator.Notifications.Outbox;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Wire;
using HostAgent.Hosting.Paging;
using HostAgent.Texts;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Services;

/// <summary>Channels and dead letters. The contract is protos/hyperv/campaigns/v1/notifications.proto.</summary>
internal sealed class NotificationsService(Notifier notifier, NotificationOutbox outbox, CommandAudit audit, TimeProvider time) : Contracts.Campaigns.V1.Notifications.NotificationsBase
{
    private const int MaxTestsPerPeer = 4;
    private const int MostIds = 1000;
    private const string AllChannels = "-";

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override Task<ListNotificationChannelsResponse> ListNotificationChannels(ListNotificationChannelsRequest request, ServerCallContext context)
        => Task.FromResult(new ListNotificationChannelsResponse { Channels = { outbox.Health.Select(ToMessage) } });

    [AuthorizeRoles(PeerRole.Operator)]
    [MaxConcurrentCalls(MaxTestsPerPeer)]
    public override async Task<NotificationChannel> TestNotificationChannel(TestNotificationChannelRequest request, ServerCallContext context)
    {
        var name = Find(request.Name, "name");
        var origin = CommandOrigin.Of(context, request.Name, request);
        if (!notifier.Deliveries.TryGetValue(name, out var delivery))
        {
            throw await RefusedAsync(origin, CampaignFailures.ChannelNotConfigured(request.Name));
        }

        var result = await delivery.SendAsync(Letter.Test(name, origin.Caller.Name, time.GetUtcNow()), context.CancellationToken);
        var failure = result.Verdict == DeliveryVerdict.Delivered ? null : CampaignFailures.NotDelivered(request.Name, result.Explanation);
        await outbox.TestedAsync(name, failure is null ? null : result.Explanation, AuditEntries.Of(time.GetUtcNow(), origin, failure, isChange: true));
        return failure is null ? ToMessage(outbox.Health.Single(health => health.Record.Name == name)) : throw failure;
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override Task<ListDeadLettersResponse> ListDeadLetters(ListDeadLettersRequest request, ServerCallContext context)
    {
        var size = PageTokens.Size(request.PageSize, PageSize.Operations);
        var after = PageTokens.Read(request, request.PageToken);
        var channels = request.Parent == ResourceNames.NotificationChannel(AllChannels) ? outbox.Health.Select(health => health.Record.Name) : [Find(request.Parent, "parent")];
        var answer = new ListDeadLettersResponse();
        foreach (var channel in channels.Where(channel => after is null || string.CompareOrdinal(channel, after.Split('/')[0]) >= 0))
        {
            var letters = outbox.DeadOf(channel);
            // Where the last of the page before was settled meanwhile, the channel is listed from its beginning: twice rather than not at all.
            var passed = after?.Split('/') is [var last, var id] && last == channel ? letters.TakeWhile(letter => letter.Id != id).Count() : -1;
            foreach (var letter in letters.Skip(passed == letters.Count ? 0 : passed + 1))
            {
                if (answer.DeadLetters.Count == size || answer.CalculateSize() > PageSize.MaxBytes)
                {
                    answer.NextPageToken = PageTokens.Write(request, $"{answer.DeadLetters[^1].Channel.Split('/')[1]}/{answer.DeadLetters[^1].Id}");
                    return Task.FromResult(answer);
                }

                answer.DeadLetters.Add(ToMessage(letter));
            }
        }

        return Task.FromResult(answer);
    }

    [AuthorizeRoles(PeerRole.Operator)]
    public override async Task<ReplayDeadLettersResponse> ReplayDeadLetters(ReplayDeadLettersRequest request, ServerCallContext context)
    {
        var (name, origin) = (Find(request.Parent, "parent"), CommandOrigin.Of(context, request.Parent, request));
        if (!outbox.Channels.ContainsKey(name))
        {
            throw await RefusedAsync(origin, CampaignFailures.ChannelNotConfigured(request.Parent));
        }

        var ids = await IdsAsync(name, request.Ids, origin);
        return new ReplayDeadLettersResponse { Count = await outbox.ReplayAsync(name, ids, AuditEntries.Of(time.GetUtcNow(), origin, refusal: null, isChange: true)) };
    }

    [AuthorizeRoles(PeerRole.Operator)]
    public override async Task<DiscardDeadLettersResponse> DiscardDeadLetters(DiscardDeadLettersRequest request, ServerCallContext context)
    {
        var (name, origin) = (Find(request.Parent, "parent"), CommandOrigin.Of(context, request.Parent, request));
        var ids = await IdsAsync(name, request.Ids, origin);
        return new DiscardDeadLettersResponse { Count = await outbox.DiscardAsync(name, ids, AuditEntries.Of(time.GetUtcNow(), origin, refusal: null, isChange: true)) };
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override Task GetNotificationAudit(GetNotificationAuditRequest request, IServerStreamWriter<Contracts.Campaigns.V1.AuditRecord> responseStream, ServerCallContext context)
        => MachineRequests.StreamAuditAsync("notificationChannels", outbox.ReadAuditAsync(context.CancellationToken), responseStream, context.CancellationToken);

    private string Find(string name, string field)
    {
        var channel = ResourceNames.ParseNotificationChannel(name, field);
        return outbox.Health.Any(health => health.Record.Name == channel) ? channel : throw CampaignFailures.ChannelNotFound(name);
    }

    private async Task<IReadOnlySet<string>> IdsAsync(string channel, RepeatedField<string> ids, CommandOrigin origin)
    {
        if (ids.Count > MostIds)
        {
            throw await RefusedAsync(origin, CampaignFailures.InvalidRequest(new FieldViolation("ids", string.Create(CultureInfo.InvariantCulture, $"has {ids.Count} entries; at most {MostIds} are allowed, and none means all"))));
        }

        var dead = outbox.DeadOf(channel).Select(letter => letter.Id).ToHashSet(StringComparer.Ordinal);
        return ids.FirstOrDefault(id => !dead.Contains(id)) is { } unknown
            ? throw await RefusedAsync(origin, CampaignFailures.DeadLetterNotFound(origin.Target, VisibleText.Line(unknown.Length <= 100 ? unknown : unknown[..100] + "…")))
            : ids.ToHashSet(StringComparer.Ordinal);
    }

    private async Task<RpcFailure> RefusedAsync(CommandOrigin origin, RpcFailure refusal)
    {
        await outbox.RecordAsync(audit.Of(time.GetUtcNow(), origin, refusal, isChange: false));
        return refusal;
    }

    private NotificationChannel ToMessage(ChannelHealth health)
    {
        var channel = outbox.Channels.GetValueOrDefault(health.Record.Name);
        return new NotificationChannel
        {
            Name = ResourceNames.NotificationChannel(health.Record.Name),
            Kind = channel?.Kind ?? "",
            Target = channel?.Target ?? "",
            Events = { channel?.Events ?? [] },
            Campaigns = { channel?.Campaigns ?? [] },
            SuccessTime = health.Record.SuccessTime?.ToTimestamp(),
            ErrorTime = health.Record.ErrorTime?.ToTimestamp(),
            Error = health.Record.Error,
            Waiting = health.Gathering + health.Waiting,
            DeadLetters = health.Dead,
            Dropped = health.Record.Dropped,
        };
    }

    private static DeadLetter ToMessage(OutboxMessage message) => new()
    {
        Id = message.Id,
        Channel = ResourceNames.NotificationChannel(message.Channel),
        Campaign = ResourceNames.Campaign(message.Digest.Campaign),
        Subject = message.Digest.Subject,
        Text = message.Digest.ToText(),
        EventTime = message.Digest.Time.ToTimestamp(),
        CreateTime = message.CreateTime.ToTimestamp(),
        Attempts = message.Attempts,
        Reason = message.Reason,
    };
}
