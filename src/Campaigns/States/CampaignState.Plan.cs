using System.Runtime.InteropServices;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Documents;

namespace HostAgent.Campaigns.States;

/// <content>Document and plan.</content>
public sealed partial class CampaignState
{
    private readonly List<PlannedItem> _planned = [];

    private void ApplyToPlan(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case CampaignCreated created:
                Uid = created.Uid;
                Epoch = 1;
                CreatedBy = created.Actor;
                CreateTime = created.At;
                Begin(created.Spec, created.Document);
                break;
            case CampaignRevised revised:
                Begin(revised.Spec, revised.Document);
                break;
            case ItemsPlanned planned:
                // Limits may be percentages of all items, so nothing is built before the last item is known.
                _planned.AddRange(planned.Items);
                break;
            case CampaignPlanned planned:
                Notes = planned.Notes ?? PlanNotes.None;
                Build(planned.Dependencies);
                if (Spec!.HostToHost is not null)
                {
                    // They need no wave to be brought in step.
                    _items.ForEach(Waiting.Refresh);
                }

                Status = CampaignStatus.Ready;
                break;
            default:
                throw Unknown(campaignEvent);
        }
    }

    private void Begin(CampaignSpec spec, string document)
    {
        Spec = spec;
        Document = document;
        Notes = PlanNotes.None;
        Status = CampaignStatus.Draft;
        StartTime = null;
        StartedBy = string.Empty;
        SkippedByPerson = 0;
        Fenced = 0;
        Revision = Version;
        Counts = new ItemCounts();
        Waiting = new WaitingIndex();
        Timers.Clear();
        Dependencies.Clear();
        _planned.Clear();
        _items.Clear();
        _itemsById.Clear();
        _hosts.Clear();
        _hostsByName.Clear();
        _sites.Clear();
        _sitesByName.Clear();
        _groups.Clear();
        _lanes.Clear();
        _waves.Clear();
        _waves.AddRange(spec.Waves.Select((wave, index) => new CampaignWave(index, wave, spec.HostToHost?.Outage)));
    }

    /// <summary>Builds items, hosts and sites.</summary>
    /// <param name="dependencies">The plan's dependencies.</param>
    /// <param name="snapshot">Their state in a snapshot; null when there have been no events about them.</param>
    private void Build(IReadOnlyList<PlannedDependency> dependencies, StateSnapshot? snapshot = null)
    {
        var storedItems = snapshot?.Items.ToDictionary(item => item.Index);
        var total = _planned.Count;
        var hosts = new List<CampaignHost>();
        Whole = new LimitGroup(Allowed(Spec!.Limits.Campaign, total));
        Switches = new LimitGroup(Allowed(Spec.Limits.Switch, total));
        Dependencies.AddRange(dependencies.Select(dependency => new DependencyState(dependency)));

        foreach (var plannedItem in _planned)
        {
            var wave = _waves[plannedItem.Wave];
            hosts.Clear();
            for (var step = 0; step < plannedItem.StepCount; step++)
            {
                hosts.Add(Host(plannedItem.StepAt(step), wave, total, snapshot));
            }

            var item = storedItems?.GetValueOrDefault(_items.Count) ?? new CampaignItem();
            item.Join(_items.Count, plannedItem, CollectionsMarshal.AsSpan(hosts), wave);
            Add(item);
        }

        for (var dependency = 0; dependency < Dependencies.Count; dependency++)
        {
            foreach (var after in Dependencies[dependency].Planned.After)
            {
                _items[after].AddAwaitedBy(dependency);
            }
        }

        _planned.Clear();
        _planned.TrimExcess();
    }

    private void Add(CampaignItem item)
    {
        var (planned, wave) = (item.Planned, item.Wave);
        if (wave.Counts.Total == 0)
        {
            wave.FirstItem = item.Index;
        }

        _items.Add(item);
        _itemsById.Add(item.Id, item);
        Counts.Add(item.Status);
        wave.Counts.Add(item.Status);
        foreach (var dependency in planned.Dependencies)
        {
            Dependencies[dependency].Waiting.Add(item.Index);
        }
    }

    /// <summary>The host of a step, with a queue for the wave.</summary>
    private CampaignHost Host(PlannedStep step, CampaignWave wave, int total, StateSnapshot? snapshot)
    {
        var limits = Spec!.Limits;
        if (!_hostsByName.TryGetValue(step.Host, out var host))
        {
            host = snapshot is null ? new CampaignHost() : snapshot.Hosts[_hosts.Count];
            host.Join(
                _hosts.Count,
                step.Host,
                Allowed(limits.Host, total),
                Site(step.Site, Allowed(limits.Site, total), snapshot),
                Group("link", $"{step.Site}\n{step.PrimarySite}", limits.Link, total),
                Group("tenant", step.Tenant, limits.Tenant, total));
            _hosts.Add(host);
            _hostsByName.Add(host.Name, host);
        }

        var queue = WaitingIndex.QueueKey(wave, step.Kind);
        if (!host.Queues.ContainsKey(queue))
        {
            var key = $"{queue}\n{step.Site}\n{step.PrimarySite}\n{step.Tenant}";
            if (!_lanes.TryGetValue(key, out var lane))
            {
                lane = new Lane(step.Kind == StepKind.Synchronize ? null : wave, host.Site, host.Link, host.Tenant, step.Kind == StepKind.SwitchOver ? Switches : null);
                _lanes.Add(key, lane);
            }

            host.Queues.Add(queue, new HostQueue(host, lane));
        }

        return host;
    }

    private CampaignSite Site(string name, int limit, StateSnapshot? snapshot)
    {
        if (!_sitesByName.TryGetValue(name, out var site))
        {
            site = snapshot is null ? new CampaignSite() : snapshot.Sites[_sites.Count];
            site.Join(_sites.Count, name, limit);
            _sites.Add(site);
            _sitesByName.Add(name, site);
        }

        return site;
    }

    private LimitGroup Group(string kind, string key, Amount? limit, int total)
    {
        var name = $"{kind}\n{key}";
        if (!_groups.TryGetValue(name, out var group))
        {
            group = new LimitGroup(Allowed(limit, total));
            _groups.Add(name, group);
        }

        return group;
    }

    private static int Allowed(Amount? limit, int total) => limit?.Of(total, leastOfPercentage: 1) ?? int.MaxValue;
}
