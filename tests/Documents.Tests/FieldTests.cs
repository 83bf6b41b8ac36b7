namespace HostAgent.Documents.Tests;

public class FieldTests
{
    private static (T? Value, string? Error) Read<T>(string yaml, Func<Field, T?> read)
    {
        T? value = default;
        var result = DocumentReader.Read("x: " + yaml, "t", root =>
        {
            value = read(root.Optional("x"));
            return "read";
        });
        return (value, result.Errors.Count == 0 ? null : result.Errors[0].Message);
    }

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("10m", 600)]
    [InlineData("24h", 86400)]
    [InlineData("1d", 86400)]
    [InlineData("1h30m", 5400)]
    [InlineData("0s", 0)]
    public void Duration_with_units_is_read(string text, int seconds)
        => Read(text, field => field.Duration(TimeSpan.Zero, TimeSpan.FromDays(7))).Value.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("30")]
    [InlineData("-5s")]
    [InlineData("1.5h")]
    [InlineData("m")]
    [InlineData("10 m")]
    [InlineData("30m1h")]
    [InlineData("8d")]
    [InlineData("99999999999s")]
    [InlineData("[1s]")]
    public void Duration_that_is_none_or_out_of_range_is_an_error(string text)
    {
        var (value, error) = Read(text, field => field.Duration(TimeSpan.Zero, TimeSpan.FromDays(7)));

        value.ShouldBeNull();
        error.ShouldNotBeNull().ShouldEndWith("it must be a duration from 0s to 168h, such as 30s, 10m or 1h30m.");
    }

    [Fact]
    public void Duration_five_hundred_milliseconds_is_not_five_hundred_minutes()
        => Read("500ms", field => field.Duration(TimeSpan.Zero, TimeSpan.FromDays(7))).Value.ShouldBe(TimeSpan.FromMilliseconds(500));

    [FsCheck.Xunit.Property]
    public bool DurationText_written_reads_back_equal(uint milliseconds)
        => DurationText.TryRead(DurationText.Write(TimeSpan.FromMilliseconds(milliseconds)), out var read) && read == TimeSpan.FromMilliseconds(milliseconds);

    [Theory]
    [InlineData("5%", 5, true)]
    [InlineData("20", 20, false)]
    [InlineData("0%", 0, true)]
    public void Amount_count_or_percentage_is_read(string text, int number, bool percentage)
        => Read(text, field => field.Amount(0, 100)).Value.ShouldBe(new Amount(number, percentage));

    [Theory]
    [InlineData("1", 1)]
    [InlineData("4094", 4094)]
    [InlineData("untagged", 0)]
    public void IntegerOr_number_or_word_is_read(string text, int number)
        => Read(text, field => field.IntegerOr(1, 4094, "untagged", 0)).Value.ShouldBe(number);

    [Theory]
    [InlineData("0")]
    [InlineData("4095")]
    [InlineData("Untagged")]
    [InlineData("1.5")]
    public void IntegerOr_neither_number_nor_word_is_an_error(string text)
        => Read(text, field => field.IntegerOr(1, 4094, "untagged", 0)).Error.ShouldNotBeNull().ShouldEndWith("it must be a whole number from 1 to 4094, or untagged.");

    [Theory]
    [InlineData("101%")]
    [InlineData("101")]
    [InlineData("-1")]
    [InlineData("5.5%")]
    [InlineData("\"%\"")]
    [InlineData("five")]
    public void Amount_that_is_none_is_an_error(string text)
        => Read(text, field => field.Amount(0, 100)).Error.ShouldNotBeNull()
            .ShouldEndWith("it must be a whole number from 0 to 100, or a percentage from 0% to 100%.");

    [Theory]
    [InlineData(5, 39, 1, 1)]
    [InlineData(5, 40, 1, 2)]
    [InlineData(1, 10, 1, 1)]
    [InlineData(1, 10, 0, 0)]
    [InlineData(0, 10, 1, 0)]
    [InlineData(100, 2_000_000_000, 1, 2_000_000_000)]
    public void Amount_of_whole_rounds_percentages_down(int percent, int whole, int least, int expected)
        => Amount.Percent(percent).Of(whole, least).ShouldBe(expected);

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void Boolean_is_read(string text, bool expected) => Read(text, field => field.Boolean()).Value.ShouldBe(expected);

    [Theory]
    [InlineData("yes")]
    [InlineData("True")]
    [InlineData("1")]
    public void Boolean_in_another_spelling_is_an_error(string text)
        => Read(text, field => field.Boolean()).Error.ShouldBe($"x is '{text}'; it must be one of true, false.");

    [Theory]
    [InlineData("2026-11-21T22:00:00Z")]
    [InlineData("2026-11-21T23:00:00+01:00")]
    [InlineData("2026-11-21T22:00:00.000Z")]
    [InlineData("2026-11-21T22:00Z")]
    public void Timestamp_with_offset_is_read(string text)
        => Read(text, field => field.Timestamp()).Value.ShouldBe(new DateTimeOffset(2026, 11, 21, 22, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("2026-11-21T22:00:00")]
    [InlineData("2026-11-21")]
    [InlineData("2026-02-30T22:00:00Z")]
    [InlineData("tomorrow")]
    public void Timestamp_without_offset_or_impossible_is_an_error(string text)
        => Read(text, field => field.Timestamp()).Error.ShouldNotBeNull()
            .ShouldEndWith("it must be a point in time with its offset, such as 2026-11-21T22:00:00Z.");

    [Theory]
    [InlineData("8f14e45f-ceea-467f-a0e6-0b1c6a3f9a10", true)]
    [InlineData("8F14E45F-CEEA-467F-A0E6-0B1C6A3F9A10", true)]
    [InlineData("\"{8f14e45f-ceea-467f-a0e6-0b1c6a3f9a10}\"", false)]
    [InlineData("8f14e45fceea467fa0e60b1c6a3f9a10", false)]
    public void Uuid_is_read_in_one_form_only(string text, bool valid) => Read(text, field => field.Uuid()).Value.HasValue.ShouldBe(valid);

    [Theory]
    [InlineData("https://hv-west-01:7443", true)]
    [InlineData("http://hv-west-01:7443", false)]
    [InlineData("hv-west-01:7443", false)]
    [InlineData("/etc/passwd", false)]
    public void AbsoluteUri_needs_an_allowed_scheme(string text, bool valid)
        => (Read(text, field => field.AbsoluteUri("https")).Value is not null).ShouldBe(valid);

    [Theory]
    [InlineData("1.5", true)]
    [InlineData("2", true)]
    [InlineData("NaN", false)]
    [InlineData("1e3", false)]
    [InlineData("1,5", false)]
    public void Number_is_read_in_plain_decimal_form(string text, bool valid) => Read(text, field => field.Number(1, 10)).Value.HasValue.ShouldBe(valid);

    [Theory]
    [InlineData("sql-*", "SQL-01", true)]
    [InlineData("sql-?", "sql-01", false)]
    [InlineData("sql-??", "sql-01", true)]
    [InlineData("*", "a", true)]
    [InlineData("sql", "sql-01", false)]
    [InlineData("a.b", "aXb", false)]
    public void Glob_matches_whole_names_without_case(string pattern, string name, bool expected) => new Glob(pattern).Matches(name).ShouldBe(expected);

    [Fact]
    public void TextMap_keeps_every_pair_and_treats_values_as_texts()
        => Read("{rack: r12, floor: 3, empty: }", field => field.TextMap()).Value.ShouldBe(
            new Dictionary<string, string> { ["empty"] = "", ["floor"] = "3", ["rack"] = "r12" }, ignoreOrder: true);

    [Fact]
    public void TextMap_with_nested_value_is_an_error_at_its_key()
        => Read("{a.b: [1]}", field => field.TextMap()).Error.ShouldBe("x[\"a.b\"] is '[…]'; it must be a text of at most 256 characters.");

    [Fact]
    public void Choice_of_another_word_names_what_is_allowed()
        => Read("halt", field => field.Choice("pause", "stop")).Error.ShouldBe("x is 'halt'; it must be one of pause, stop.");

    [Fact]
    public void List_shorter_than_its_minimum_is_an_error()
        => Read("[]", field => field.List(item => item.Text(), minimum: 1)).Error.ShouldBe("x is '[]'; it must be a list of at least 1.");
}
