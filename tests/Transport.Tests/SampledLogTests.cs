using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Transport.Tests;

/// <summary>A stranger cannot fill the log.</summary>
public sealed class SampledLogTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _lines = [];
    private readonly SampledLog _log;

    public SampledLogTests() => _log = new SampledLog(_clock);

    [Fact]
    public void First_line_of_a_kind_is_written_and_the_rest_of_a_minute_is_counted()
    {
        for (var count = 1; count <= 300; count++)
        {
            _log.Write("a", $"refused {count}", _lines.Add);
        }

        _log.Write("b", "other", _lines.Add);
        _log.Flush();
        _lines.ShouldBe(["refused 1", "other"]);

        _clock.Advance(TimeSpan.FromMinutes(1));
        _log.Flush();
        _lines.ShouldBe(["refused 1", "other", "refused 300 (and 298 more like it in 60 s)"]);

        _log.Write("a", "refused again", _lines.Add);
        _lines[^1].ShouldBe("refused again");
    }

    [Fact]
    public void Kinds_that_are_made_up_are_counted_together()
    {
        for (var count = 0; count < 5000; count++)
        {
            _log.Write($"kind {count}", "line", _lines.Add);
        }

        _lines.Count.ShouldBe(1001);
    }
}
