using Google.Protobuf;
using HostAgent.Tests.Shared;
using Message = HostAgent.Contracts.Campaigns.V1.AuditRecord;

namespace HostAgent.Audit.Tests;

/// <summary>What whoever holds the records can do to them, and which record shows it. The chains are hashed by the words of the contract.</summary>
public sealed class AuditVerifierTests
{
    private const string Campaign = "campaigns/back";

    public static TheoryData<string, Action<Message>> Edits => new()
    {
        { "time", record => record.Time.Seconds++ },
        { "fraction of a second", record => record.Time.Nanos += 100 },
        { "less than a tick", record => record.Time.Nanos++ },
        { "no time", record => record.Time = null },
        { "actor", record => record.Actor = "CN=Eve" },
        { "source", record => record.Source = "ipv4:127.0.0.1:1" },
        { "action", record => record.Action += "x" },
        { "target", record => record.Target += "/items/x" },
        { "result", record => record.Result = "OK UNCHANGED" },
        { "details", record => record.Details = "{}" },
        { "a letter that moves to the next field", record => (record.Actor, record.Source) = (record.Actor[..^1], record.Actor[^1] + record.Source) },
        { "previous hash", record => record.PreviousHash = ByteString.CopyFrom(new byte[32]) },
        { "version of the events", record => record.StreamVersion++ },
        { "hash of the events", record => record.StreamHash = ByteString.CopyFrom(new byte[32]) },
        { "hash", record => record.Hash = ByteString.CopyFrom(new byte[32]) },
    };

    [Fact]
    public void A_chain_is_intact_and_its_head_is_the_last_hash()
    {
        var records = Chain.Of(Campaign, 5);
        var verifier = new AuditVerifier(Campaign);

        records.Select(verifier.Take).ShouldAllBe(finding => finding == null);

        (verifier.Records, verifier.Head).ShouldBe((5, Convert.ToHexStringLower(records[4].Hash.Span)));
        new AuditVerifier(Campaign).Head.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Edits))]
    public void An_edited_record_is_found(string field, Action<Message> edit)
    {
        var records = Chain.Of(Campaign, 5);
        records[2].StreamVersion = 7;
        records[2].StreamHash = ByteString.CopyFrom(new byte[] { 1, 2, 3 });
        records[2].Hash = Chain.Hash(records[2]);
        FirstBroken(records[..3]).ShouldBeNull();

        edit(records[2]);

        FirstBroken(records).ShouldBe(3, field);
    }

    [Fact]
    public void A_record_that_was_written_anew_breaks_the_next_one()
    {
        var records = Chain.Of(Campaign, 5);
        records[2].Actor = "CN=Eve";
        records[2].Hash = Chain.Hash(records[2]);

        FirstBroken(records).ShouldBe(4);
    }

    [Fact]
    public void Removed_repeated_and_reordered_records_are_found()
    {
        var records = Chain.Of(Campaign, 5);

        FirstBroken(records[1..]).ShouldBe(1);
        FirstBroken([.. records[..2], .. records[3..]]).ShouldBe(3);
        FirstBroken([.. records[..3], records[2]]).ShouldBe(4);
        FirstBroken([records[1], records[0]]).ShouldBe(1);
        FirstBroken(records[..4]).ShouldBeNull("a cut tail shows only against a head that was noted elsewhere");
    }

    [Fact]
    public void Records_of_another_campaign_are_found_however_similar_its_name()
    {
        FirstBroken(Chain.Of("campaigns/backup", 2)).ShouldBe(1);
        FirstBroken(Chain.Of("campaigns/east", 2)).ShouldBe(1);
    }

    /// <summary>The position of the first record that the verifier finds broken, from 1; null when it finds none.</summary>
    private static int? FirstBroken(IReadOnlyList<Message> records)
    {
        var verifier = new AuditVerifier(Campaign);
        for (var position = 0; position < records.Count; position++)
        {
            if (verifier.Take(records[position]) is { } finding)
            {
                finding.ShouldContain($"record {records[position].Sequence} ");
                return position + 1;
            }
        }

        return null;
    }
}
