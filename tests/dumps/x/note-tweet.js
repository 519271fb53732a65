window.YTD.note_tweet.part0 = [
  {
    "noteTweet": {
      "noteTweetId": "1790000000000000009",
      "updatedAt": "2024-05-01T02:00:00.000Z",
      "lifecycle": {
        "value": "2"
      },
      "createdAt": "2024-05-01T02:00:00.000Z",
      "core": {
        "styletags": [],
        "urls": [
          {
            "expandedUrl": "https://example.com/long"
          }
        ],
        "text": "很長的文字",
        "mentions": []
      }
    }
  }
]