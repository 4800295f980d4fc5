using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Insight.Symptoms;
using Xunit;

namespace CfLogStream.Core.Tests.Insight.Symptoms;

public sealed class SymptomCatalogTests
{
    [Theory]
    [InlineData("1006", "1006")]
    [InlineData("error 1007", "1006")]
    [InlineData("Error 1008 Access denied", "1006")]
    [InlineData("1009", "1009")]
    [InlineData("error code: 1010", "1010")]
    [InlineData("The owner of this website (x.example) has banned your access based on your browser's signature", "1010")]
    [InlineData("Error 1012", "1012")]
    [InlineData("1015", "1015")]
    [InlineData("You are being rate limited", "1015")]
    [InlineData("error 1020 (ray 7f0)", "1020")]
    [InlineData("1106", "1106")]
    [InlineData("Just a moment...", "challenge")]
    [InlineData("<title>Just a moment…</title>", "challenge")]
    [InlineData("just a momment", "challenge")]
    [InlineData("Enable JavaScript and cookies to continue", "challenge")]
    [InlineData("cf-mitigated: challenge", "cf-mitigated")]
    [InlineData("CF-Mitigated", "cf-mitigated")]
    [InlineData("SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", "html")]
    [InlineData("HTML where JSON was expected", "html")]
    [InlineData("403 on OPTIONS", "preflight")]
    [InlineData("OPTIONS 403", "preflight")]
    [InlineData("has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header", "preflight")]
    [InlineData("429", "429")]
    [InlineData("HTTP 429 Too Many Requests", "429")]
    [InlineData("403", "403")]
    [InlineData("Sorry, you have been blocked", "403")]
    [InlineData("503 challenge", "503")]
    public void Find_WhatPeoplePaste_IsRecognised(string text, string id) => Assert.Equal(id, SymptomCatalog.Find(text).Symptom?.Id);

    [Theory]
    [InlineData("1101")]
    [InlineData("error code: 1000")]
    [InlineData("the printer is on fire")]
    [InlineData("")]
    public void Find_Anything_Else_IsNotGuessed(string text)
    {
        SymptomMatch match = SymptomCatalog.Find(text);
        Assert.Null(match.Symptom);
        Assert.Equal(SymptomCatalog.All.Count, match.Nearest.Count);
    }

    [Fact]
    public void Find_NearlyRight_PutsTheNearestFirst() => Assert.Equal("preflight", SymptomCatalog.Find("pre-flite cross origin").Nearest[0].Id);

    [Fact]
    public void All_Spellings_AreFoldedAndFindTheirSymptom()
    {
        foreach (Symptom symptom in SymptomCatalog.All)
        {
            foreach (string spelling in symptom.Spellings)
            {
                Assert.Equal(spelling, SymptomCatalog.Fold(spelling));
                Assert.Equal(symptom.Id, SymptomCatalog.Find(spelling).Symptom?.Id);
            }

            Assert.All(symptom.Controls, static control => Assert.True(ControlCatalog.Of(control).IsKnown, control));
        }
    }
}
