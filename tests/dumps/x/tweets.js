window.YTD.tweets.part0 = [
  {
    "tweet": {
      "id": "1790000000000000001",
      "id_str": "1790000000000000001",
      "full_text": "AT&amp;T 講 https://t.co/aaa",
      "created_at": "Wed May 01 02:00:00 +0000 2024",
      "entities": {
        "urls": [
          {
            "url": "https://t.co/aaa",
            "expanded_url": "https://example.com/leak",
            "display_url": "example.com/leak"
          }
        ]
      },
      "extended_entities": {
        "media": [
          {
            "ext_alt_text": "圖說明"
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "id": 1790000000000000000,
      "id_str": "1790000000000000003",
      "full_text": "@x 回",
      "created_at": "Wed May 01 02:01:00 +0000 2024",
      "in_reply_to_status_id_str": "1790000000000000001",
      "entities": {
        "urls": []
      }
    }
  },
  {
    "tweet": {
      "id_str": "1790000000000000004",
      "created_at": "Wed May 01 02:01:00 +0000 2024"
    }
  }
]