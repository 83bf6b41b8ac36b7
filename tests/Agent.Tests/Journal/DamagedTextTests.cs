using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Tests.Journal;

/// <summary>A damaged event of the journal is a JournalException, whatever the damage.</summary>
public sealed class DamagedTextTests
{
    private static readonly string[] Pieces = ["null", "true", "-1", "1e400", "99999999999999999999", "\"\"", "[]", "{}", "[[[[", "}", ",", "\"kind\":7,", "\\u0000", "\"\\ud800\""];

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"kind\":{}}")]
    [InlineData("{\"kind\":\"no_such_kind\"}")]
    [InlineData("{\"time\":\"yesterday\"}")]
    public void Odd_texts_are_no_events(string text) => Should.Throw<JournalException>(() => JournalJson.ReadEvent(text));

    [Fact]
    public void Nothing_but_the_documented_exception_comes_of_damage()
    {
        var random = new Random(20261126);
        var whole = JournalJson.Write(new OperationEvent { Sequence = 3, Kind = OperationEventKind.Started, State = OperationState.Running, Time = DateTimeOffset.UnixEpoch, Explanation = "größe" });
        for (var round = 0; round < 10_000; round++)
        {
            var text = whole;
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                var at = random.Next(text.Length + 1);
                text = random.Next(3) switch
                {
                    0 => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
                    1 => text.Remove(at, Math.Min(random.Next(1, 12), text.Length - at)),
                    _ => text[..at] + (char)random.Next(1, 0x2100) + text[Math.Min(at + 1, text.Length)..],
                };
            }

            foreach (var read in new Action[] { () => JournalJson.ReadEvent(text), () => JournalJson.ReadIntent(text) })
            {
                try
                {
                    read();
                }
                catch (JournalException)
                {
                    // As documented.
                }
                catch (Exception other)
                {
                    Assert.Fail($"{other.GetType().Name}: {other.Message}\n{text}");
                }
            }
        }
    }
}
