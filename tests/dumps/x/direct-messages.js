window.YTD.direct_messages.part0 = [
  {
    "dmConversation": {
      "conversationId": "1-2",
      "messages": [
        {
          "messageCreate": {
            "recipientId": "2",
            "reactions": [],
            "urls": [
              {
                "url": "https://t.co/b",
                "expanded": "https://example.com/dm",
                "display": "example.com/dm"
              }
            ],
            "text": "睇 https://t.co/b",
            "mediaUrls": [],
            "senderId": "1",
            "id": "1790000000000000010",
            "createdAt": "2024-05-01T02:00:00.000Z"
          }
        },
        {
          "joinConversation": {
            "initiatingUserId": "1",
            "createdAt": "2024-05-01T02:00:00.000Z"
          }
        }
      ]
    }
  }
]