using System.Text.Json;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Properties;

/// <summary>A damaged event is a JsonException, whatever the damage: the reader's callers tell it apart from an error of their own.</summary>
public sealed class DamagedEventTests
{
    private static readonly string[] Pieces =
        ["null", "true", "0", "-1", "1e400", "99999999999999999999", "\"\"", "\"x\"", "[]", "{}", "[[[[", "}", ",", ":", "\"event\":", "\"event\":{},", "\"event\":7,", "\\u0000", "\"\\ud800\"", "\"$type\":1,"];

    [Theory]
    [InlineData("{\"event\":7}")]
    [InlineData("{\"event\":{}}")]
    [InlineData("{\"event\":null,\"item\":\"a\"}")]
    [InlineData("{\"$ref\":\"1\",\"event\":\"item-starting\"}")]
    [InlineData("\u0000")]
    [InlineData("")]
    public void Odd_texts_are_no_events(string text) => Should.Throw<JsonException>(() => CampaignEventCodec.Read(text));

    [Fact]
    public void Nothing_but_the_documented_exception_comes_of_damage()
    {
        var random = new Random(20261126);
        var log = Scenario.Planned("waves: [{name: a, take: 1}, {name: b}]", Estate.Uniform(2, 3)).Log;
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = Damage(log[random.Next(log.Count)], random);
            try
            {
                CampaignEventCodec.Read(damaged);
            }
            catch (JsonException)
            {
                // As documented.
            }
            catch (Exception other)
            {
                Assert.Fail($"{other.GetType().Name}: {other.Message}\n{damaged}");
            }
        }
    }

    private static string Damage(string text, Random random)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var (from, to) = (random.Next(text.Length + 1), random.Next(text.Length + 1));
            var at = Math.Min(from, to);
            text = random.Next(4) switch
            {
                0 => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
                1 => text.Remove(at, Math.Min(random.Next(1, 12), text.Length - at)),
                2 => text[..at] + (char)random.Next(1, 0x2100) + text[Math.Min(at + 1, text.Length)..],
                _ => text[..at] + text[Math.Max(from, to)..],
            };
        }

        return text;
    }
}
