using FsCheck.Xunit;
using HostAgent.Tests.Shared;

namespace HostAgent.Audit.Tests;

/// <summary>The arithmetic of the chain against a second implementation, made from the words of the contract.</summary>
public sealed class AuditChainTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Property]
    public void A_record_has_the_hash_that_the_contract_describes(long ticks, string actor, string details, byte[] previous, long version, byte[] stream)
    {
        var record = AuditChain.Next(3, Entry(actor ?? "", details ?? "", ticks), previous ?? [], version, stream ?? []);

        AuditMapper.ToMessage(record).Hash.ShouldBe(Chain.Hash(AuditMapper.ToMessage(record)));
        AuditChain.IsItself(record).ShouldBeTrue();
    }

    [Property]
    public void A_record_comes_back_from_its_message(long ticks, string actor)
    {
        var record = AuditChain.Next(1, Entry(Whole(actor), "{}", ticks), default, 5, new byte[] { 1 });

        var again = AuditMapper.FromMessage(AuditMapper.ToMessage(record));

        (again.Sequence, again.Entry, again.StreamVersion).ShouldBe((record.Sequence, record.Entry, record.StreamVersion));
        AuditChain.IsItself(again).ShouldBeTrue();
    }

    [Fact]
    public void A_record_follows_only_the_one_before_it()
    {
        var first = AuditChain.Next(1, Entry("CN=Ana", "{}", 0), default, 0, default);
        var second = AuditChain.Next(2, Entry("CN=Ana", "{}", 1), first.Hash, 0, default);
        var other = AuditChain.Next(1, Entry("CN=Eve", "{}", 0), default, 0, default);

        AuditChain.Follows(first, null).ShouldBeTrue();
        AuditChain.Follows(second, first).ShouldBeTrue();
        AuditChain.Follows(second, other).ShouldBeFalse();
        AuditChain.Follows(second, null).ShouldBeFalse();
        AuditChain.Follows(first, first).ShouldBeFalse();
        AuditChain.Follows(second with { Entry = other.Entry }, first).ShouldBeFalse();
    }

    [Fact]
    public void Without_a_hash_of_the_events_their_version_is_not_hashed()
    {
        var entry = Entry("CN=Ana", "{}", 0);

        AuditChain.Next(1, entry, default, 7, default).Hash.ToArray().ShouldBe(AuditChain.Next(1, entry, default, 8, default).Hash.ToArray());
        AuditChain.Next(1, entry, default, 7, new byte[] { 1 }).Hash.ToArray().ShouldNotBe(AuditChain.Next(1, entry, default, 8, new byte[] { 1 }).Hash.ToArray());
    }

    private static AuditEntry Entry(string actor, string details, long ticks)
        => new(Noon.AddTicks(ticks % TimeSpan.TicksPerDay), Whole(actor), "ipv4:127.0.0.1:50000", "StartCampaign", "campaigns/back", "OK", Whole(details));

    // Half a character has no UTF-8 form: it never reaches the audit, and its message would not carry it.
    private static string Whole(string? text) => new([.. (text ?? string.Empty).Where(character => !char.IsSurrogate(character))]);
}
