using System.Globalization;
using Grpc.Core;
using HostAgent.Campaigns.Spec;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Ownership;
using HostAgent.Coordinator.Planning;
using HostAgent.Coordinator.Reports;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Watching;
using HostAgent.Coordinator.Wire;
using HostAgent.Hosting.Paging;
using HostAgent.Texts;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Services;

/// <summary>The service <c>Campaigns</c>: documents and reads here, commands in the other part.</summary>
internal sealed partial class CampaignsService(
    ServerStatus status,
    ICampaignOwners owners,
    CampaignRuns runs,
    CampaignCreation creation,
    CampaignPlans plans,
    CampaignForecasts forecasts,
    ReportExport reports,
    IEventStore store,
    CampaignWatch watch,
    EstateWatch estate,
    MachineReturns returns,
    TimeProvider time) : Contracts.Campaigns.V1.Campaigns.CampaignsBase
{
    // Each of these calls reads a whole document, asks every host or writes a whole report.
    private const int MaxDocumentsPerPeer = 16;

    private const int ListedAtOnce = 200;
    private const int LongestTarget = 512;

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override Task<ServerInfo> GetServerInfo(GetServerInfoRequest request, ServerCallContext context) => Task.FromResult(status.Read());

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxDocumentsPerPeer)]
    public override Task<ValidateCampaignResponse> ValidateCampaign(ValidateCampaignRequest request, ServerCallContext context)
    {
        var result = CampaignPlans.Parse(request.Document, context.CancellationToken);
        var response = new ValidateCampaignResponse { Valid = result.IsValid };
        response.Errors.AddRange(result.Errors.Select(DocumentMapper.ToMessage));
        return Task.FromResult(response);
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxDocumentsPerPeer)]
    public override async Task<CampaignPlan> PlanCampaign(PlanCampaignRequest request, ServerCallContext context)
    {
        var assumptions = ForecastAssumptionsReader.Read(request);
        var (spec, result) = await PlanAsync(request.Document, context.CancellationToken);
        var message = PlanMapper.ToMessage(result);
        message.Networks.AddRange(spec.HostToHost?.Networks?.Select(rule => rule.Describe(spec.PlannedDrill is not null)) ?? []);
        if (request.Forecast)
        {
            var start = ForecastAssumptionsReader.StartTime(request.Assumptions, time.GetUtcNow());
            var homeBy = ForecastAssumptionsReader.HomeBy(request.HomeBy, start);
            message.Forecast = ForecastMapper.ToMessage(await forecasts.ForecastAsync(spec, result.Plan, assumptions, start, homeBy, context.CancellationToken), start);
        }

        return message;
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxDocumentsPerPeer)]
    public override async Task ExportRunbook(ExportRunbookRequest request, IServerStreamWriter<ExportRunbookResponse> responseStream, ServerCallContext context)
    {
        var (now, assumptions) = (time.GetUtcNow(), ForecastAssumptionsReader.Read(request.Assumptions));
        var start = ForecastAssumptionsReader.StartTime(request.Assumptions, now);
        var homeBy = ForecastAssumptionsReader.HomeBy(request.HomeBy, start);
        var (spec, result) = await PlanAsync(request.Document, context.CancellationToken);
        var runbook = new Runbook
        {
            Spec = spec,
            Plan = result.Plan,
            Forecast = await forecasts.ForecastAsync(spec, result.Plan, assumptions, start, homeBy, context.CancellationToken),
            StartTime = start,
            PlanTime = now,
            PlannedFor = Caller.Of(context).Actor,
            Document = request.Document.Text,
            Source = CampaignPlans.SourceOf(request.Document),
        };
        await using var pieces = new ReportPieces(content => responseStream.WriteAsync(new ExportRunbookResponse { Content = content }, context.CancellationToken));
        await reports.WriteAsync(runbook, pieces, context.CancellationToken);
    }

    private async Task<(CampaignSpec Spec, Campaigns.Planning.PlanResult Result)> PlanAsync(Contracts.Campaigns.V1.CampaignDocument? document, CancellationToken cancellationToken)
    {
        var spec = CampaignPlans.Require(document, cancellationToken);
        return (spec, await plans.PlanAsync(spec, CampaignPlans.SourceOf(document!), ResourceNames.Campaign(spec.Name), cancellationToken));
    }

    [AuthorizeRoles(PeerRole.Operator)]
    [MaxConcurrentCalls(MaxDocumentsPerPeer)]
    public override Task<Campaign> CreateCampaign(CreateCampaignRequest request, ServerCallContext context)
        => creation.CreateAsync(request, context);

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task<Campaign> GetCampaign(GetCampaignRequest request, ServerCallContext context)
    {
        var id = ResourceNames.ParseCampaign(request.Name, "name");
        if (runs.Find(id) is { Damage: null } run)
        {
            return run.View.ToMessage(withDocument: true);
        }

        var head = await store.FindAsync(id, context.CancellationToken) ?? throw CampaignFailures.CampaignNotFound(request.Name);
        var campaign = Campaign.Parser.ParseFrom(head.Projection.Summary.Span);
        campaign.Document = head.Campaign.Document;
        return runs.TroubleOf(id)?.Show(campaign) ?? campaign;
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task<ListCampaignsResponse> ListCampaigns(ListCampaignsRequest request, ServerCallContext context)
    {
        var size = PageTokens.Size(request.PageSize, PageSize.Campaigns);
        var matches = ListFilters.Of(request);
        var (response, bytes, last) = (new ListCampaignsResponse(), 0, (NewCampaign?)null);
        for (var after = PageTokens.ReadCampaign(request, request.PageToken); ;)
        {
            var heads = await store.ListAsync(
                new CampaignQuery(ListedAtOnce, after, [.. request.States.Select(state => (int)state)], LiveOnly: false)
                {
                    Earliest = request.EarliestCreateTime?.ToDateTimeOffset(),
                    Latest = request.LatestCreateTime?.ToDateTimeOffset(),
                },
                context.CancellationToken);
            foreach (var head in heads)
            {
                var campaign = runs.Show(head);
                if (matches(campaign))
                {
                    bytes += campaign.CalculateSize();
                    if (response.Campaigns.Count == size || (bytes > PageSize.MaxBytes && response.Campaigns.Count > 0))
                    {
                        response.NextPageToken = PageTokens.Write(request, PageTokens.PlaceOf(last!));
                        return response;
                    }

                    response.Campaigns.Add(campaign);
                    last = head.Campaign;
                }
            }

            if (heads.Count < ListedAtOnce)
            {
                return response;
            }

            after = new CampaignPosition(heads[^1].Campaign.CreateTime, heads[^1].Campaign.Uid);
        }
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task<Item> GetItem(GetItemRequest request, ServerCallContext context)
    {
        var (campaign, item) = ResourceNames.ParseItem(request.Name, "name");
        var view = (await FindAsync(ResourceNames.Campaign(campaign), "name", context)).View;
        return view.ToMessage(view.IndexOf(item) ?? throw CampaignFailures.ItemNotFound(request.Name));
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task<ExplainCampaignResponse> ExplainCampaign(ExplainCampaignRequest request, ServerCallContext context)
    {
        var response = await CallAsync<ExplainCampaignResponse>(request.Name, request, context);
        var goingOn = returns.GoingOnFor(request.Name);
        if (request.ItemId.Length > 0)
        {
            var view = (await FindAsync(request.Name, "name", context)).View;
            var machine = view.IndexOfIdOrMachine(request.ItemId) is { } index ? view.ToMessage(index).VirtualMachineId : "";
            goingOn = goingOn.Where(one => string.Equals(one.State.Machine.ToString("D"), machine, StringComparison.OrdinalIgnoreCase));
        }

        SilentHosts.AddTo(response, goingOn);
        foreach (var question in response.Reasons.SelectMany(reason => reason.Questions))
        {
            if (returns.FindShown(Guid.Parse(question.VirtualMachineId)) is { } shown)
            {
                question.Answers.Add(ReturnMapper.AnswersOf(shown));
            }
        }

        return response;
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task<ListItemsResponse> ListItems(ListItemsRequest request, ServerCallContext context)
    {
        var view = (await FindAsync(request.Parent, "parent", context)).View;
        var size = PageTokens.Size(request.PageSize, PageSize.Items);
        var (items, next) = view.Page(PageTokens.ReadItem(request, request.PageToken, view.ItemCount), ListFilters.Of(request), size, PageSize.MaxBytes);
        return new ListItemsResponse
        {
            Items = { items },
            NextPageToken = next is { } from ? PageTokens.Write(request, from.ToString(CultureInfo.InvariantCulture)) : string.Empty,
        };
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task WatchCampaign(WatchCampaignRequest request, IServerStreamWriter<CampaignUpdate> responseStream, ServerCallContext context)
    {
        var run = await FindAsync(request.Name, "name", context);
        await watch.StreamAsync(run.View, responseStream, context.CancellationToken);
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override Task WatchCampaigns(WatchCampaignsRequest request, IServerStreamWriter<CampaignsUpdate> responseStream, ServerCallContext context)
        => estate.StreamAsync(responseStream, context.CancellationToken);

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxDocumentsPerPeer)]
    public override async Task ExportReport(ExportReportRequest request, IServerStreamWriter<ExportReportResponse> responseStream, ServerCallContext context)
    {
        var id = ResourceNames.ParseCampaign(request.Name, "name");
        await using var pieces = new ReportPieces(content => responseStream.WriteAsync(new ExportReportResponse { Content = content }, context.CancellationToken));
        try
        {
            if (!await reports.WriteAsync(id, request.Format, Caller.Of(context).Actor, pieces, context.CancellationToken))
            {
                throw CampaignFailures.CampaignNotFound(request.Name);
            }
        }
        catch (StreamDamagedException exception)
        {
            throw CampaignFailures.StreamDamaged(request.Name, exception.Message);
        }
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxDocumentsPerPeer)]
    public override async Task ExportAudit(ExportAuditRequest request, IServerStreamWriter<Contracts.Campaigns.V1.AuditRecord> responseStream, ServerCallContext context)
    {
        var id = ResourceNames.ParseCampaign(request.Name, "name");
        if (request.Target.Length > LongestTarget)
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("target", $"has {request.Target.Length} characters; at most {LongestTarget} are allowed"));
        }

        var uid = await FindWithDeletedAsync(id, request, context.CancellationToken);
        Audit.AuditRecord? last = null;
        string? broken = null;
        await foreach (var record in store.ReadAuditAsync(uid, 0, context.CancellationToken))
        {
            broken ??= AuditChain.Follows(record, last) ? null : FormattableString.Invariant($"audit record {record.Sequence} does not follow from the one before it");
            last = record;
            if ((request.Target.Length == 0 || record.Entry.Target == request.Target) && !(request.CommandsOnly && record.Entry.Actor == AuditEntries.Coordinator))
            {
                await responseStream.WriteAsync(AuditMapper.ToMessage(record), context.CancellationToken);
            }
        }

        // Records may have been added during the export: the chain then continues from the last one sent.
        var seal = await store.LoadSealAsync(uid, context.CancellationToken);
        broken ??= seal is null || seal.AuditSequence < (last?.Sequence ?? 0) ? "there are more audit records than its row counts" : seal.CheckAudit();
        if (broken is not null)
        {
            throw CampaignFailures.AuditBroken(request.Name, broken);
        }
    }

    private async Task<Guid> FindWithDeletedAsync(string id, ExportAuditRequest request, CancellationToken cancellationToken)
    {
        Guid? wanted = request.Uid.Length == 0 ? null : Guid.TryParseExact(request.Uid, "D", out var uid) ? uid
            : throw CampaignFailures.InvalidRequest(new FieldViolation("uid", $"'{VisibleText.Shortened(request.Uid)}' must be the uid of a campaign, a UUID, or empty"));
        return await store.FindAsync(id, cancellationToken) is { } head && (wanted is null || wanted == head.Campaign.Uid)
            ? head.Campaign.Uid
            : await store.FindDeletedAsync(id, wanted, cancellationToken) ?? throw CampaignFailures.CampaignNotFound(request.Name);
    }

    private async Task<CampaignRun> FindAsync(string name, string field, ServerCallContext context)
        => await runs.GetAsync(ResourceNames.ParseCampaign(name, field), context.CancellationToken) ?? throw CampaignFailures.CampaignNotFound(name);
}
