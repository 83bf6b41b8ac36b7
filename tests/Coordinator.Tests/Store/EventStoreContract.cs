using HostAgent.Campaigns;
using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Tests.Store;

/// <summary>What every event store must do. A new implementation derives from this and adds nothing to pass it.</summary>
public abstract class EventStoreContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private protected IEventStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await CleanAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_deleted_campaign_leaves_its_audit_and_its_holds_and_frees_its_id()
    {
        var campaign = await CreateAsync("one", "created");
        var machine = Guid.NewGuid();
        await Store.AppendAsync(Append(campaign, 1, "succeeded") with { Holds = [(machine, "hv-1", HoldState.Home)], Progress = [new ItemProgress("a", 1, 50)] });
        await Should.ThrowAsync<VersionConflictException>(() => Store.AppendAsync(Append(campaign, 1, "deleted") with { Events = [], Deletion = new CampaignDeletion("ana", Noon) }));

        await Store.AppendAsync(Append(campaign, 2, "deleted") with { Events = [], Deletion = new CampaignDeletion("ana", Noon) });

        (await Store.FindAsync("one", default)).ShouldBeNull();
        (await Store.ListAsync(new CampaignQuery(10, null, [], LiveOnly: false), default)).ShouldBeEmpty();
        (await Store.LoadAsync(campaign, 0, default).ToListAsync()).ShouldBeEmpty();
        (await Store.LoadProgressAsync(campaign, default)).ShouldBeEmpty();
        (await Store.LoadHoldsAsync(default)).ShouldHaveSingleItem().ShouldBe(new MachineHold(campaign, "campaigns/one", machine, "hv-1", HoldState.Home));
        (await Store.LoadSealAsync(campaign, default)).ShouldNotBeNull().CheckAudit().ShouldBeNull();

        var second = await CreateAsync("one", "created");
        (await Store.FindAsync("one", default)).ShouldNotBeNull().Campaign.Uid.ShouldBe(second);
        (await Store.FindDeletedAsync("one", null, default)).ShouldBe(campaign);
        (await Store.FindDeletedAsync("one", second, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Requests_are_kept_for_a_day_and_forgotten_by_the_next_one()
    {
        var campaign = await CreateAsync("one", "created");
        var (first, second) = (Request(Noon), Request(Noon + AnsweredRequest.Lifetime));
        await Store.AppendAsync(Append(campaign, 1, "retried") with { Requests = [first] });

        var known = (await Store.LoadRequestsAsync(campaign, Noon.AddTicks(-1), default)).ShouldHaveSingleItem();
        (known.Id, known.Time, known.Digest.ToArray()[0], known.Items[1]).ShouldBe((first.Id, first.Time, (byte)7, "b"));
        (await Store.LoadRequestsAsync(Guid.NewGuid(), Noon.AddTicks(-1), default)).ShouldBeEmpty();

        await Store.AppendAsync(Append(campaign, 2, "retried") with { Requests = [second] });
        (await Store.LoadRequestsAsync(campaign, Noon.AddTicks(-1), default)).ShouldHaveSingleItem().Id.ShouldBe(second.Id);

        static AnsweredRequest Request(DateTimeOffset time) => new(Guid.NewGuid(), time, new byte[] { 7 }, ["a", "b"]);
    }

    [Fact]
    public async Task Load_returns_the_events_in_order_with_versions_from_1()
    {
        var campaign = await CreateAsync("one", "created");
        await Store.AppendAsync(Append(campaign, 1, "started", "paused"));

        var events = await LoadAsync(campaign);

        events.Select(e => (e.Version, e.Type)).ShouldBe([(1, "created"), (2, "started"), (3, "paused")]);
        events[1].Data.ShouldBe("""{"of":"started"}""");
        events[1].Time.ShouldBe(Noon.AddTicks(7));
    }

    [Fact]
    public async Task Load_after_a_version_returns_only_what_followed()
    {
        var campaign = await CreateAsync("one", "a", "b", "c");

        (await Store.LoadAsync(campaign, 2, default).ToListAsync()).Select(e => e.Type).ShouldBe(["c"]);
    }

    [Fact]
    public async Task Append_at_another_version_is_refused_and_writes_nothing()
    {
        var campaign = await CreateAsync("one", "created");
        await Store.AppendAsync(Append(campaign, 1, "started"));

        var conflict = await Should.ThrowAsync<VersionConflictException>(() => Store.AppendAsync(Append(campaign, 1, "paused")));

        conflict.Actual.ShouldBe(2);
        (await LoadAsync(campaign)).Select(e => e.Type).ShouldBe(["created", "started"]);
        (await AuditAsync(campaign)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Append_to_an_unknown_campaign_is_refused()
    {
        await Should.ThrowAsync<VersionConflictException>(() => Store.AppendAsync(Append(Guid.NewGuid(), 0, "created")));
    }

    [Fact]
    public async Task Append_by_many_at_the_same_version_lets_exactly_one_through()
    {
        var campaign = await CreateAsync("one", "created");

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            try
            {
                await Store.AppendAsync(Append(campaign, 1, $"writer-{number}"));
                return true;
            }
            catch (VersionConflictException)
            {
                return false;
            }
        }));

        results.Count(won => won).ShouldBe(1);
        (await LoadAsync(campaign)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_conflict_does_not_spoil_the_writes_of_others_beside_it()
    {
        var first = await CreateAsync("first", "created");
        var second = await CreateAsync("second", "created");

        var writes = Enumerable.Range(0, 50).Select(number => number % 2 == 0
            ? Store.AppendAsync(Append(first, 99, "late"))
            : Store.AppendAsync(Append(second, 1 + (number / 2), "good"))).ToList();

        await Task.WhenAll(writes.Select(write => write.ContinueWith(_ => { }, TaskScheduler.Default)));
        writes.Count(write => write.IsFaulted).ShouldBe(25);
        (await LoadAsync(first)).Count.ShouldBe(1);
        (await LoadAsync(second)).Count.ShouldBe(26);
    }

    [Fact]
    public async Task Create_of_an_id_that_is_taken_is_refused_and_keeps_the_first()
    {
        var first = await CreateAsync("return-to-east", "created");

        await Should.ThrowAsync<CampaignExistsException>(() => CreateAsync("return-to-east", "created"));

        (await Store.FindAsync("return-to-east", default)).ShouldNotBeNull().Campaign.Uid.ShouldBe(first);
        (await Store.ListAsync(All, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Find_returns_what_was_created_and_the_newest_projection()
    {
        var created = new NewCampaign(Guid.NewGuid(), "a-b", "kind: Campaign\n", "b.yaml", "CN=Ana", Noon.AddTicks(3));
        await Store.CreateAsync(created, Append(created.Uid, 0, "created"));
        await Store.AppendAsync(Append(created.Uid, 1, "started") with { Projection = new CampaignProjection(4, false, new byte[] { 1, 2, 3 }) });

        var head = (await Store.FindAsync("a-b", default)).ShouldNotBeNull();

        head.Campaign.ShouldBe(created);
        head.Version.ShouldBe(2);
        head.Projection.State.ShouldBe(4);
        head.Projection.Summary.ToArray().ShouldBe([1, 2, 3]);
        (await Store.FindAsync("a-c", default)).ShouldBeNull();
    }

    [Fact]
    public async Task List_pages_newest_first_without_loss_or_repetition_even_at_one_instant()
    {
        for (var number = 0; number < 7; number++)
        {
            var campaign = new NewCampaign(Guid.NewGuid(), $"c{number}", "", "", "", Noon.AddSeconds(number / 3));
            await Store.CreateAsync(campaign, Append(campaign.Uid, 0, "created"));
        }

        var seen = new List<NewCampaign>();
        CampaignPosition? after = null;
        while (await Store.ListAsync(All with { Limit = 2, After = after }, default) is { Count: > 0 } page)
        {
            page.Count.ShouldBeLessThanOrEqualTo(2);
            seen.AddRange(page.Select(head => head.Campaign));
            after = new CampaignPosition(seen[^1].CreateTime, seen[^1].Uid);
        }

        seen.Select(campaign => campaign.Id).ShouldBeUnique();
        seen.Count.ShouldBe(7);
        seen.Select(campaign => campaign.CreateTime).ShouldBe(seen.Select(campaign => campaign.CreateTime).OrderDescending());
    }

    [Fact]
    public async Task List_filters_by_state_and_by_life()
    {
        await CreateAsync("running", new CampaignProjection(4, false, default));
        await CreateAsync("paused", new CampaignProjection(5, false, default));
        await CreateAsync("done", new CampaignProjection(7, true, default));

        (await Store.ListAsync(All with { States = [4, 7] }, default)).Select(h => h.Campaign.Id).ShouldBe(["running", "done"], ignoreOrder: true);
        (await Store.ListAsync(All with { LiveOnly = true }, default)).Select(h => h.Campaign.Id).ShouldBe(["running", "paused"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_act_without_events_is_audited_and_leaves_the_version()
    {
        var campaign = await CreateAsync("one", "created");

        await Store.AppendAsync(new StreamAppend(campaign, 0, [], [Entry("PauseCampaign") with { Result = "FAILED_PRECONDITION CAMPAIGN_STATE" }], null));

        (await Store.FindAsync("one", default)).ShouldNotBeNull().Version.ShouldBe(1);
        (await AuditAsync(campaign))[^1].Entry.Result.ShouldBe("FAILED_PRECONDITION CAMPAIGN_STATE");
    }

    [Fact]
    public async Task Percentages_are_kept_as_the_newest_of_each_item_also_after_the_campaigns_end()
    {
        var campaign = await CreateAsync("one", "created");
        var other = await CreateAsync("other", "created");
        await Store.AppendAsync(Progress(campaign, new ItemProgress("a", 1, 10), new ItemProgress("b", 1, 20)));
        await Store.AppendAsync(Progress(campaign, new ItemProgress("a", 2, 5)));
        await Store.AppendAsync(Progress(other, new ItemProgress("a", 1, 99)));

        (await Store.LoadProgressAsync(campaign, default)).OrderBy(progress => progress.Item).ShouldBe([new ItemProgress("a", 2, 5), new ItemProgress("b", 1, 20)]);
        (await Store.FindAsync("one", default)).ShouldNotBeNull().Version.ShouldBe(1);
        (await AuditAsync(campaign)).Count.ShouldBe(1);

        await Store.AppendAsync(Append(campaign, 1, "ended") with { Projection = new CampaignProjection(7, true, default) });
        (await Store.LoadProgressAsync(campaign, default)).Count.ShouldBe(2);
        (await Store.LoadProgressAsync(other, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_newest_snapshot_is_kept_and_an_older_one_that_comes_late_is_not()
    {
        var campaign = await CreateAsync("one", "created");
        (await Store.LoadSnapshotAsync(campaign, default)).ShouldBeNull();
        foreach (var version in (long[])[3, 7, 5])
        {
            await Store.AppendAsync(new StreamAppend(campaign, 0, [], [], null) { Snapshot = new StreamSnapshot(version, new byte[] { (byte)version }) });
        }

        var newest = (await Store.LoadSnapshotAsync(campaign, default)).ShouldNotBeNull();
        (newest.Version, newest.Data.ToArray().ShouldHaveSingleItem()).ShouldBe((7L, (byte)7));
    }

    [Fact]
    public async Task Event_in_lent_memory_is_kept_between_others_as_it_was_and_continues_their_chain()
    {
        const string Text = """{"of":"plan of the \u00e9lite 宮","items":[1]}""";
        var lent = System.Text.Encoding.UTF8.GetBytes("behind" + Text + "after");
        var campaign = await CreateAsync("one", "created");

        await Store.AppendAsync(Append(campaign, 1, "before", "after") with
        {
            Events = [new NewEvent(Noon, "before", "{}"), new NewEvent(Noon.AddTicks(3), "plan", EventText.Lent(lent.AsMemory(6, lent.Length - 11))), new NewEvent(Noon, "after", "{}")],
        });
        lent.AsSpan().Clear();

        var events = await LoadAsync(campaign);
        events.Select(stored => (stored.Version, stored.Type)).ShouldBe([(1, "created"), (2, "before"), (3, "plan"), (4, "after")]);
        (events[2].Time, events[2].Data).ShouldBe((Noon.AddTicks(3), Text));
        var chain = new EventChainReader(0, default);
        events.ForEach(chain.Take);
        chain.End((await Store.LoadSealAsync(campaign, default)).ShouldNotBeNull());
        (await Store.FindAsync("one", default)).ShouldNotBeNull().Version.ShouldBe(4);
    }

    [Fact]
    public async Task Snapshot_is_kept_as_it_was_when_its_memory_is_used_again()
    {
        var campaign = await CreateAsync("one", "created");
        var lent = new byte[300_000];
        new Random(1).NextBytes(lent);
        var state = lent.AsSpan(0, 200_000).ToArray();

        await Store.AppendAsync(new StreamAppend(campaign, 0, [], [], null) { Snapshot = new StreamSnapshot(1, lent.AsMemory(0, state.Length)) });
        lent.AsSpan().Clear();

        (await Store.LoadSnapshotAsync(campaign, default)).ShouldNotBeNull().Data.ToArray().ShouldBe(state);
    }

    [Fact]
    public async Task A_document_is_replaced_together_with_the_event_that_says_so()
    {
        var campaign = await CreateAsync("one", "created");

        await Store.AppendAsync(Append(campaign, 1, "revised") with { Document = new StoredDocument("new", "new.yaml") });
        await Should.ThrowAsync<VersionConflictException>(() => Store.AppendAsync(Append(campaign, 1, "revised") with { Document = new StoredDocument("late", "late.yaml") }));

        var head = (await Store.FindAsync("one", default)).ShouldNotBeNull();
        (head.Campaign.Document, head.Campaign.Source, head.Version).ShouldBe(("new", "new.yaml", 2L));
    }

    [Fact]
    public async Task The_audit_chain_verifies_across_appends()
    {
        var campaign = await CreateAsync("one", "a");
        for (var version = 1; version < 10; version++)
        {
            await Store.AppendAsync(Append(campaign, version, "b"));
        }

        var records = await AuditAsync(campaign);

        records.Count.ShouldBe(10);
        AuditRecord? previous = null;
        foreach (var record in records)
        {
            AuditChain.Follows(record, previous).ShouldBeTrue();
            previous = record;
        }
    }

    [Fact]
    public async Task Everything_acknowledged_is_there_when_the_store_is_opened_again()
    {
        var campaign = await CreateAsync("one", "created");
        await Task.WhenAll(Enumerable.Range(1, 100).Select(version => Store.AppendAsync(Append(campaign, version, $"e{version}"))));

        await Store.DisposeAsync();
        Store = await OpenAsync();

        (await LoadAsync(campaign)).Count.ShouldBe(101);
        (await Store.FindAsync("one", default)).ShouldNotBeNull().Version.ShouldBe(101);
    }

    [Fact]
    public async Task A_closed_store_refuses_to_append()
    {
        var campaign = await CreateAsync("one", "created");
        await Store.DisposeAsync();

        await Should.ThrowAsync<StoreUnavailableException>(() => Store.AppendAsync(Append(campaign, 1, "started")));
        Store = await OpenAsync();
    }

    private protected static CampaignQuery All { get; } = new(1000, null, [], false);

    private protected abstract Task<IEventStore> OpenAsync();

    private protected abstract Task CleanAsync();

    private protected Task<Guid> CreateAsync(string id, params string[] events) => CreateAsync(id, null, events);

    private protected Task<Guid> CreateAsync(string id, CampaignProjection projection) => CreateAsync(id, projection, "created");

    private protected async Task<List<StoredEvent>> LoadAsync(Guid campaign) => await Store.LoadAsync(campaign, 0, default).ToListAsync();

    private protected async Task<List<AuditRecord>> AuditAsync(Guid campaign) => await Store.ReadAuditAsync(campaign, 0, default).ToListAsync();

    private protected static StreamAppend Append(Guid campaign, long version, params string[] events) => new(
        campaign,
        version,
        [.. events.Select(type => new NewEvent(Noon.AddTicks(7), type, $$"""{"of":"{{type}}"}"""))],
        [Entry(events[0])],
        null);

    private static StreamAppend Progress(Guid campaign, params ItemProgress[] progress) => new(campaign, 0, [], [], null) { Progress = progress };

    private async Task<Guid> CreateAsync(string id, CampaignProjection? projection, params string[] events)
    {
        var campaign = new NewCampaign(Guid.NewGuid(), id, "document", "campaign.yaml", "CN=Ana", Noon);
        await Store.CreateAsync(campaign, Append(campaign.Uid, 0, events) with { Projection = projection });
        return campaign.Uid;
    }

    private static AuditEntry Entry(string action) =>
        new(Noon, "CN=Ana", "127.0.0.1:5000", action, "campaigns/one", "OK", "{}");
}
